package io.margay.agents.gateway.a2a;

import java.util.Arrays;
import java.util.Optional;

/** The operations of A2A 1.0, by their names in JSON-RPC, and what they are to the policies. */
enum Operation {
  SEND("SendMessage", "sendMessage", false),
  SEND_STREAMING("SendStreamingMessage", "sendMessage", true),
  GET_TASK("GetTask", "getTask", false),
  LIST_TASKS("ListTasks", "listTasks", false),
  CANCEL_TASK("CancelTask", "cancelTask", false),
  SUBSCRIBE("SubscribeToTask", "subscribe", true),
  CREATE_PUSH("CreateTaskPushNotificationConfig", "setPushConfig", false),
  GET_PUSH("GetTaskPushNotificationConfig", "getPushConfig", false),
  LIST_PUSH("ListTaskPushNotificationConfigs", "getPushConfig", false),
  DELETE_PUSH("DeleteTaskPushNotificationConfig", "deletePushConfig", false),
  GET_CARD("GetExtendedAgentCard", "getCard", false);

  private final String method;
  private final String action;
  private final boolean streams;

  Operation(String method, String action, boolean streams) {
    this.method = method;
    this.action = action;
    this.streams = streams;
  }

  String method() {
    return method;
  }

  String action() {
    return action;
  }

  /** Whether the answer is a stream of events. */
  boolean streams() {
    return streams;
  }

  boolean sends() {
    return this == SEND || this == SEND_STREAMING;
  }

  static Optional<Operation> of(String method) {
    return Arrays.stream(values()).filter(operation -> operation.method.equals(method)).findFirst();
  }

  /**
   * What a REST request asks for; empty when it is none.
   *
   * @param path behind the agent's address, with its slash
   */
  static Optional<Operation> of(String httpMethod, String path) {
    String asked = httpMethod + " " + path;
    return switch (asked) {
      case "POST /message:send" -> Optional.of(SEND);
      case "POST /message:stream" -> Optional.of(SEND_STREAMING);
      case "GET /tasks" -> Optional.of(LIST_TASKS);
      case "GET /extendedAgentCard" -> Optional.of(GET_CARD);
      default -> ofTask(httpMethod, path);
    };
  }

  private static Optional<Operation> ofTask(String httpMethod, String path) {
    String[] parts = path.split("/", -1);
    if (parts.length < 3
        || !parts[0].isEmpty()
        || !parts[1].equals("tasks")
        || parts[2].isEmpty()) {
      return Optional.empty();
    }
    if (parts.length == 3) {
      if (httpMethod.equals("POST") && parts[2].endsWith(":cancel")) {
        return Optional.of(CANCEL_TASK);
      }
      if (parts[2].endsWith(":subscribe")
          && (httpMethod.equals("GET") || httpMethod.equals("POST"))) {
        return Optional.of(SUBSCRIBE);
      }
      return httpMethod.equals("GET") && parts[2].indexOf(':') < 0
          ? Optional.of(GET_TASK)
          : Optional.empty();
    }
    if (!parts[3].equals("pushNotificationConfigs") || parts.length > 5) {
      return Optional.empty();
    }
    boolean one = parts.length == 5;
    return switch (httpMethod) {
      case "POST" -> one ? Optional.empty() : Optional.of(CREATE_PUSH);
      case "GET" -> Optional.of(one ? GET_PUSH : LIST_PUSH);
      case "DELETE" -> one ? Optional.of(DELETE_PUSH) : Optional.empty();
      default -> Optional.empty();
    };
  }
}
