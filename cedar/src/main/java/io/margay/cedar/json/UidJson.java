package io.margay.cedar.json;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Span;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.value.CedarText;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;

/** Names of entities and types in JSON: {@code {"type": "User", "id": "alice"}}. */
public final class UidJson {
  private UidJson() {}

  /** An entity's name, by itself or as the value of {@code __entity}. */
  public static EntityUid read(JsonTree tree) {
    if (!(tree instanceof Obj object)) {
      throw new CedarParseException(
          tree.span(),
          "expected an entity, this is " + tree.what(),
          "write {\"type\": \"User\", \"id\": \"alice\"}");
    }
    JsonTree inner = object.fields().size() == 1 ? object.get("__entity") : null;
    return named(inner == null ? object : JsonFields.object(inner));
  }

  private static EntityUid named(Obj object) {
    JsonTree type = JsonFields.required(object, "type");
    String id = ValueJson.string(JsonFields.required(object, "id"));
    return new EntityUid(type(ValueJson.string(type), type.span()), id);
  }

  /** A type's name as it stands in policies, without blanks. */
  public static EntityType type(String name, Span span) {
    for (String part : name.split("::", -1)) {
      if (!CedarText.isIdentifier(part)) {
        throw new CedarParseException(
            span, "not the name of an entity type", "write names with :: between, like Shop::User");
      }
      if (!CedarText.isPlainName(part)) {
        throw new CedarParseException(span, part + " is a reserved word", "choose another name");
      }
    }
    return new EntityType(name);
  }

  /** {@code {"type": …, "id": …}}. */
  public static ObjectNode write(EntityUid uid) {
    return JsonNodeFactory.instance.objectNode().put("type", uid.type().name()).put("id", uid.id());
  }
}
