package io.margay.agents.gateway.a2a;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.gateway.gate.Holds;

/** A held call, as the task that its caller sees: it waits for a person, or was refused. */
final class HeldTask {
  /** Tells such tasks from those of the agent. */
  static final String PREFIX = "margay-approval-";

  private HeldTask() {}

  static ObjectNode waiting(String approval, String contextId) {
    return task(
        approval,
        contextId,
        "TASK_STATE_AUTH_REQUIRED",
        "The message waits for approval " + approval + ". Send it again when it is given.");
  }

  static ObjectNode of(String approval, Holds.Claim claim) {
    return switch (claim) {
      case Holds.Waiting _ -> waiting(approval, approval);
      case Holds.Approved _ ->
          task(
              approval,
              approval,
              "TASK_STATE_AUTH_REQUIRED",
              "The message is approved: send it again, unchanged.");
      case Holds.Refused(_, String reason) ->
          task(approval, approval, "TASK_STATE_REJECTED", reason);
    };
  }

  private static ObjectNode task(String approval, String contextId, String state, String text) {
    ObjectNode task = JsonNodeFactory.instance.objectNode();
    task.put("id", PREFIX + approval).put("contextId", contextId);
    ObjectNode status = task.putObject("status").put("state", state);
    ObjectNode message = status.putObject("message").put("messageId", PREFIX + approval);
    message.put("role", "ROLE_AGENT").putArray("parts").addObject().put("text", text);
    return task;
  }
}
