package io.margay.cedar.json;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.Request;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.value.RecordValue;

/** Requests in JSON, read without a schema. */
public final class RequestJson {
  private RequestJson() {}

  /**
   * An object with {@code principal}, {@code action}, {@code resource} and maybe {@code context}.
   * Other fields are left to the caller.
   *
   * @throws io.margay.cedar.CedarParseException when it is none
   */
  public static Request read(JsonTree tree) {
    Obj object = JsonFields.object(tree);
    JsonTree context = object.get("context");
    return new Request(
        UidJson.read(JsonFields.required(object, "principal")),
        UidJson.read(JsonFields.required(object, "action")),
        UidJson.read(JsonFields.required(object, "resource")),
        context == null ? RecordValue.EMPTY : ValueJson.readRecord(context));
  }

  public static ObjectNode write(Request request) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("principal", UidJson.write(request.principal()));
    node.set("action", UidJson.write(request.action()));
    node.set("resource", UidJson.write(request.resource()));
    node.set("context", ValueJson.writeRecord(request.context()));
    return node;
  }
}
