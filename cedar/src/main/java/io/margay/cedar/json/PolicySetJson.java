package io.margay.cedar.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.PolicySetException;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Template;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.value.EntityUid;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Policy sets in JSON: {@code staticPolicies} and {@code templates} by id, and {@code
 * templateLinks}.
 */
public final class PolicySetJson {
  private static final Set<String> FIELDS = Set.of("staticPolicies", "templates", "templateLinks");
  private static final Set<String> LINK_FIELDS = Set.of("templateId", "newId", "values");

  private PolicySetJson() {}

  /**
   * Reads a policy set.
   *
   * @throws CedarParseException when it is none, has an id twice, or has a link that does not fit
   */
  public static PolicySet read(SourceText source) {
    Obj object = JsonFields.object(JsonTrees.read(source));
    JsonFields.allowOnly(object, FIELDS);
    PolicySet.Builder builder = PolicySet.EMPTY.toBuilder();
    JsonFields.object(JsonFields.required(object, "staticPolicies"))
        .fields()
        .forEach((id, tree) -> add(builder, id, tree, true));
    JsonFields.object(JsonFields.required(object, "templates"))
        .fields()
        .forEach((id, tree) -> add(builder, id, tree, false));
    PolicySet written = builder.build();
    for (JsonTree link : JsonFields.list(JsonFields.required(object, "templateLinks"))) {
      link(builder, written, JsonFields.object(link));
    }
    return builder.build();
  }

  private static void add(
      PolicySet.Builder builder, String id, JsonTree tree, boolean expectStatic) {
    Template template = PolicyJson.read(id, tree);
    if (template.isStatic() != expectStatic) {
      throw new CedarParseException(
          tree.span(),
          expectStatic
              ? "a template among the static policies"
              : "a policy without slots among the templates",
          expectStatic ? "put it into templates" : "put it into staticPolicies");
    }
    try {
      builder.add(template);
    } catch (PolicySetException e) {
      throw new CedarParseException(tree.span(), String.valueOf(e.getMessage()), "");
    }
  }

  private static void link(PolicySet.Builder builder, PolicySet written, Obj link) {
    JsonFields.allowOnly(link, LINK_FIELDS);
    JsonTree templateId = JsonFields.required(link, "templateId");
    String newId = ValueJson.string(JsonFields.required(link, "newId"));
    Template template = written.templates().get(ValueJson.string(templateId));
    if (template == null) {
      throw new CedarParseException(
          templateId.span(), "no template of this set", "name one that is in templates");
    }
    Map<Slot, EntityUid> values = new EnumMap<>(Slot.class);
    JsonFields.object(JsonFields.required(link, "values"))
        .fields()
        .forEach((name, tree) -> values.put(slot(name, tree), UidJson.read(tree)));
    try {
      builder.add(Policy.link(newId, template, values));
    } catch (PolicySetException e) {
      throw new CedarParseException(link.span(), String.valueOf(e.getMessage()), "");
    }
  }

  private static Slot slot(String name, JsonTree tree) {
    return Arrays.stream(Slot.values())
        .filter(slot -> slot.text().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new CedarParseException(
                tree.span(), name + " is not a slot", "write ?principal or ?resource"));
  }

  /** A policy set as JSON. */
  public static ObjectNode write(PolicySet set) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ObjectNode templates = node.putObject("templates");
    ObjectNode policies = node.putObject("staticPolicies");
    ArrayNode links = node.putArray("templateLinks");
    set.templates().forEach((id, template) -> templates.set(id, PolicyJson.write(template)));
    for (Policy policy : set.policies().values()) {
      if (policy.isLink()) {
        ObjectNode link = links.addObject();
        link.put("templateId", policy.template().id());
        link.put("newId", policy.id());
        ObjectNode values = link.putObject("values");
        policy.orderedValues().forEach((slot, uid) -> values.set(slot.text(), UidJson.write(uid)));
      } else {
        policies.set(policy.id(), PolicyJson.write(policy.template()));
      }
    }
    return node;
  }
}
