package io.margay.policy.recommend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Rule;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was learned about one subject.
 *
 * @param tier of the policy if it is new
 * @param marks annotations of the policy and of each rule that is learned
 * @param notes what its rules leave out or make wider
 */
record LearnedPolicy(
    Subject subject,
    String tier,
    Map<String, String> marks,
    List<Rule> ingress,
    List<Rule> egress,
    SortedSet<String> notes) {

  private static final String INGRESS = "ingress";
  private static final String EGRESS = "egress";

  /** An annotation is for people: what is more than this is counted only. */
  private static final int MOST_NOTES = 20;

  /**
   * The staged policy. Of one that is there already only the learned rules and the notes are
   * replaced: all else, and every rule that is not marked as learned, is its author's.
   */
  KubeObject over(@Nullable KubeObject before) {
    ObjectNode json = before == null ? empty() : before.json().deepCopy();
    ObjectNode annotations = json.withObjectProperty("metadata").withObjectProperty("annotations");
    new TreeMap<>(marks).forEach(annotations::put);
    annotate(annotations);
    ObjectNode spec = json.withObjectProperty("spec");
    spec.set(INGRESS, merged(spec.path(INGRESS), ingress));
    spec.set(EGRESS, merged(spec.path(EGRESS), egress));
    return new KubeObject(subject.staged().kind(), json);
  }

  private ObjectNode empty() {
    ResourceKey key = subject.staged();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", key.kind().apiVersion()).put("kind", key.kind().kind());
    ObjectNode metadata = json.putObject("metadata");
    metadata.put("name", key.name());
    if (!subject.isHost()) {
      metadata.put("namespace", key.namespace());
    }
    ObjectNode spec = json.putObject("spec");
    spec.put("stagedAction", "Learn").put("tier", tier);
    spec.put("selector", subject.selector().canonical());
    spec.putArray("types").add("Ingress").add("Egress");
    return json;
  }

  private void annotate(ObjectNode annotations) {
    if (notes.isEmpty()) {
      annotations.remove(Recommender.NOTES);
      return;
    }
    StringBuilder text = new StringBuilder();
    Iterator<String> each = notes.iterator();
    for (int i = 0; i < MOST_NOTES && each.hasNext(); i++) {
      text.append(i == 0 ? "" : "; ").append(each.next());
    }
    if (notes.size() > MOST_NOTES) {
      text.append("; and ").append(notes.size() - MOST_NOTES).append(" more");
    }
    annotations.put(Recommender.NOTES, text.toString());
  }

  /**
   * The author's rules in their places, byte for byte. The learned ones go where the last learned
   * one was, so that they stay behind every rule of the author's that any of them was behind.
   */
  private static ArrayNode merged(JsonNode before, List<Rule> learned) {
    int place = before.size();
    for (int i = before.size() - 1; i >= 0; i--) {
      if (isLearned(before.get(i))) {
        place = i;
        break;
      }
    }
    ArrayNode rules = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i <= before.size(); i++) {
      if (i == place) {
        learned.forEach(rule -> rules.add(RuleJson.of(rule)));
      }
      if (i < before.size() && !isLearned(before.get(i))) {
        rules.add(before.get(i));
      }
    }
    return rules;
  }

  private static boolean isLearned(JsonNode rule) {
    return rule.path("metadata").path("annotations").has(Recommender.SCOPE);
  }
}
