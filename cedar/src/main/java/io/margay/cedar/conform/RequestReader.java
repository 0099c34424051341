package io.margay.cedar.conform;

import static io.margay.cedar.json.JsonFields.allowOnly;
import static io.margay.cedar.json.JsonFields.object;
import static io.margay.cedar.json.JsonFields.required;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.Request;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.json.JsonTree;
import io.margay.cedar.json.JsonTrees;
import io.margay.cedar.json.UidJson;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests from JSON: an object of {@code principal}, {@code action}, {@code resource} and
 * {@code context}, where entities are objects or texts such as {@code User::"alice"}.
 */
public final class RequestReader {
  private RequestReader() {}

  /**
   * A request; its context is read with the types that the schema gives it, where there is one.
   *
   * @throws CedarParseException for what is no request
   */
  public static Request read(SourceText source, @Nullable Schema schema) {
    JsonTree.Obj object = object(JsonTrees.read(source));
    allowOnly(object, Set.of("principal", "action", "resource", "context"));
    return read(object, schema);
  }

  /** A request in an object that may have other fields, which are left to the caller. */
  public static Request read(JsonTree.Obj object, @Nullable Schema schema) {
    EntityUid action = entity(required(object, "action"));
    JsonTree context = object.get("context");
    return new Request(
        entity(required(object, "principal")),
        action,
        entity(required(object, "resource")),
        context == null ? RecordValue.EMPTY : context(context, action, schema));
  }

  /** The context of a request with this action. */
  public static RecordValue context(JsonTree tree, EntityUid action, @Nullable Schema schema) {
    ActionInfo info = schema == null ? null : schema.action(action);
    return ValueReader.record(tree, info == null ? Type.Record.EMPTY : info.context());
  }

  /** An entity as an object, or as the text that policies write. */
  public static EntityUid entity(JsonTree tree) {
    return tree instanceof JsonTree.Str(String text, var span)
        ? CedarParser.entityUid(new SourceText(span.source().name(), text))
        : UidJson.read(tree);
  }
}
