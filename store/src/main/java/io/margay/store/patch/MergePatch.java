package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON merge patch, RFC 7386: fields replace fields, null removes, lists are replaced whole. */
public final class MergePatch {
  private MergePatch() {}

  /**
   * The object with the patch applied.
   *
   * @throws PatchException if the patch is not an object
   */
  public static ObjectNode apply(ObjectNode current, JsonNode patch) {
    if (!(patch instanceof ObjectNode fields)) {
      throw new PatchException("a merge patch must be a JSON object, not " + patch.getNodeType());
    }
    ObjectNode result = current.deepCopy();
    merge(result, fields);
    return result;
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    patch
        .properties()
        .forEach(field -> {
          JsonNode value = field.getValue();
          if (value.isNull()) {
            target.remove(field.getKey());
          } else if (value instanceof ObjectNode inner) {
            ObjectNode merged =
                target.get(field.getKey()) instanceof ObjectNode existing
                    ? existing
                    : JsonNodeFactory.instance.objectNode();
            merge(merged, inner);
            target.set(field.getKey(), merged);
          } else {
            target.set(field.getKey(), value.deepCopy());
          }
        });
  }
}
