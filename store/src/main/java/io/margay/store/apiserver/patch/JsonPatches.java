package io.margay.store.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;

/** JSON patch (RFC 6902): a list of operations that all work or none. */
public final class JsonPatches {
  /** Kubernetes' limit: enough for any tool, and no patch keeps the server busy for long. */
  private static final int MAX_OPERATIONS = 10_000;

  private JsonPatches() {}

  /**
   * The patched object; the arguments do not change.
   *
   * @throws ApiException if an operation is not well-formed, fails, or is a test that does not hold
   */
  public static ObjectNode apply(ObjectNode target, ArrayNode patch) {
    if (patch.size() > MAX_OPERATIONS) {
      throw new ApiException(
          Reason.TOO_LARGE,
          "the patch has "
              + patch.size()
              + " operations; at most "
              + MAX_OPERATIONS
              + " are taken");
    }
    for (int i = 0; i < patch.size(); i++) {
      requireWellFormed(i, patch.get(i));
    }
    JsonNode result;
    try {
      result = JsonPatch.apply(patch, target.deepCopy());
    } catch (JsonPatchException | IllegalArgumentException e) {
      throw new ApiException(
          Reason.INVALID,
          "the server rejected our request due to an error in the patch: " + e.getMessage());
    }
    if (result instanceof ObjectNode object) {
      return object;
    }
    throw new ApiException(Reason.INVALID, "the patch leaves no object");
  }

  private static void requireWellFormed(int index, JsonNode operation) {
    boolean good =
        operation.path("path").isTextual()
            && switch (operation.path("op").asText()) {
              case "add", "replace", "test" -> operation.has("value");
              case "remove" -> true;
              case "move", "copy" -> operation.path("from").isTextual();
              default -> false;
            };
    if (!good) {
      throw new ApiException(
          Reason.BAD_REQUEST,
          "operation "
              + index
              + " of the patch is not one; write {\"op\": \"replace\", \"path\": \"/spec/order\","
              + " \"value\": 10} or the like");
    }
  }
}
