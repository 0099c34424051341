package io.margay.app.cli.vm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.blast.BlastRadius;
import io.margay.console.blast.Dependency;
import io.margay.console.blast.Talk;
import java.util.List;
import java.util.Locale;

/** A blast radius for scripts. */
final class BlastRadiusJson {
  private BlastRadiusJson() {}

  static ObjectNode of(BlastRadius radius) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("namespace", radius.machine().namespace()).put("machine", radius.machine().name());
    ArrayNode addresses = json.putArray("addresses");
    radius.machine().addresses().forEach(address -> addresses.add(address.toString()));
    json.put("node", radius.machine().node());
    json.put("flows_known", radius.flowsKnown());
    ArrayNode talks = json.putArray("talks");
    radius.talks().forEach(talk -> add(talks.addObject(), talk));
    add(json.putArray("by_address"), radius.byAddress());
    add(json.putArray("to_change"), radius.toChange());
    add(json.putArray("by_label"), radius.byLabel());
    ArrayNode owners = json.putArray("to_tell");
    radius.toTell().forEach(owners::add);
    return json;
  }

  private static void add(ObjectNode json, Talk talk) {
    json.put("peer", talk.peer()).put("direction", talk.incoming() ? "to_it" : "from_it");
    json.put("service", talk.service());
    json.put("allowed", talk.allowed()).put("denied", talk.denied()).put("owner", talk.owner());
  }

  private static void add(ArrayNode json, List<Dependency> dependencies) {
    for (Dependency item : dependencies) {
      json.addObject()
          .put("where", item.where())
          .put("what", item.what())
          .put("value", item.value())
          .put("by", item.binding().name().toLowerCase(Locale.ROOT))
          .put("owner", item.owner());
    }
  }
}
