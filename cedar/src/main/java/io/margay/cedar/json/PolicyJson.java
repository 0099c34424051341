package io.margay.cedar.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.Annotation;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.Template;
import io.margay.cedar.json.JsonTree.Null;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.value.CedarText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Policies and templates in JSON: {@code effect}, {@code principal}, {@code action}, {@code
 * resource}, {@code conditions} and maybe {@code annotations}.
 */
public final class PolicyJson {
  private static final Set<String> FIELDS =
      Set.of("effect", "principal", "action", "resource", "conditions", "annotations");

  private PolicyJson() {}

  /**
   * Reads a policy or template.
   *
   * @throws CedarParseException when it is none
   */
  public static Template read(String id, JsonTree tree) {
    Obj object = JsonFields.object(tree);
    JsonFields.allowOnly(object, FIELDS);
    JsonTree annotations = object.get("annotations");
    return new Template(
        id,
        annotations == null ? List.of() : annotations(JsonFields.object(annotations)),
        effect(JsonFields.required(object, "effect")),
        ScopeJson.read(JsonFields.required(object, "principal"), Slot.PRINCIPAL),
        ScopeJson.readAction(JsonFields.required(object, "action")),
        ScopeJson.read(JsonFields.required(object, "resource"), Slot.RESOURCE),
        conditions(JsonFields.required(object, "conditions")),
        tree.span());
  }

  private static List<Annotation> annotations(Obj object) {
    List<Annotation> annotations = new ArrayList<>();
    object
        .fields()
        .forEach((name, value) -> {
          if (!CedarText.isIdentifier(name)) {
            throw new CedarParseException(
                value.span(),
                "\"" + name + "\" cannot be an annotation's name",
                "use ASCII letters, digits and _");
          }
          Optional<String> text =
              value instanceof Null ? Optional.empty() : Optional.of(ValueJson.string(value));
          annotations.add(new Annotation(name, text, value.span()));
        });
    return annotations;
  }

  private static Effect effect(JsonTree tree) {
    String text = ValueJson.string(tree);
    return Arrays.stream(Effect.values())
        .filter(effect -> effect.text().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new CedarParseException(tree.span(), "not an effect", "write permit or forbid"));
  }

  private static List<Condition> conditions(JsonTree tree) {
    List<Condition> conditions = new ArrayList<>();
    for (JsonTree element : JsonFields.list(tree)) {
      Obj object = JsonFields.object(element);
      JsonFields.allowOnly(object, Set.of("kind", "body"));
      JsonTree kind = JsonFields.required(object, "kind");
      String text = ValueJson.string(kind);
      Condition.Kind read =
          Arrays.stream(Condition.Kind.values())
              .filter(one -> one.text().equals(text))
              .findFirst()
              .orElseThrow(() ->
                  new CedarParseException(
                      kind.span(), "not a kind of condition", "write when or unless"));
      conditions.add(
          new Condition(
              read, ExprJsonReader.read(JsonFields.required(object, "body")), element.span()));
    }
    return conditions;
  }

  /** A policy or template as JSON. */
  public static ObjectNode write(Template template) {
    return write(template, template.principal(), template.resource());
  }

  /** A policy as JSON, its slots filled. */
  public static ObjectNode write(Policy policy) {
    return write(policy.template(), policy.principal(), policy.resource());
  }

  private static ObjectNode write(
      Template template, ScopeConstraint principal, ScopeConstraint resource) {
    ActionConstraint action = template.action();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("effect", template.effect().text());
    node.set("principal", ScopeJson.write(principal));
    node.set("action", ScopeJson.write(action));
    node.set("resource", ScopeJson.write(resource));
    ArrayNode conditions = node.putArray("conditions");
    for (Condition condition : template.conditions()) {
      conditions
          .addObject()
          .put("kind", condition.kind().text())
          .set("body", ExprJsonWriter.write(condition.body()));
    }
    if (!template.annotations().isEmpty()) {
      ObjectNode annotations = node.putObject("annotations");
      for (Annotation annotation : template.annotations()) {
        annotations.put(annotation.name(), annotation.value().orElse(null));
      }
    }
    return node;
  }
}
