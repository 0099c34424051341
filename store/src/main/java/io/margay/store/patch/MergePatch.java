package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces. */
public final class MergePatch {
  private MergePatch() {}

  /** The patched object; neither argument changes. */
  public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
    ObjectNode result = target.deepCopy();
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        result.remove(field.getKey());
      } else if (value instanceof ObjectNode wanted) {
        ObjectNode base =
            result.get(field.getKey()) instanceof ObjectNode old ? old : result.objectNode();
        result.set(field.getKey(), apply(base, wanted));
      } else {
        result.set(field.getKey(), value.deepCopy());
      }
    }
    return result;
  }
}
