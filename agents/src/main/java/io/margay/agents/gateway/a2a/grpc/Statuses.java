package io.margay.agents.gateway.a2a.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.margay.agents.gateway.http.Refusal;

/** Errors of A2A and of the gateway, as gRPC says them. */
final class Statuses {
  private Statuses() {}

  /** What the door refused before the protocol has a word for it. */
  static Status of(Refusal refusal) {
    Status status =
        switch (refusal.status()) {
          case 400 -> Status.INVALID_ARGUMENT;
          case 401 -> Status.UNAUTHENTICATED;
          case 403 -> Status.PERMISSION_DENIED;
          case 404 -> Status.NOT_FOUND;
          case 413 -> Status.RESOURCE_EXHAUSTED;
          case 502, 503 -> Status.UNAVAILABLE;
          default -> Status.INTERNAL;
        };
    return status.withDescription(refusal.reason());
  }

  /** An error of JSON-RPC, by its code; the codes of A2A have their status in the protocol. */
  static Status of(JsonNode error) {
    Status status =
        switch (error.path("code").asInt()) {
          case -32700, -32600, -32602, -32005 -> Status.INVALID_ARGUMENT;
          case -32601, -32003, -32004, -32009 -> Status.UNIMPLEMENTED;
          case -32001 -> Status.NOT_FOUND;
          case -32002, -32007, -32008 -> Status.FAILED_PRECONDITION;
          case -32050 -> Status.PERMISSION_DENIED;
          default ->
              error.at("/data/0/reason").asText().equals("UNAVAILABLE")
                  ? Status.UNAVAILABLE
                  : Status.INTERNAL;
        };
    return status.withDescription(error.path("message").asText());
  }

  /** Its details, which tell A2A's errors apart, as trailers. */
  static Metadata details(JsonNode error) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(of(error).getCode().value())
            .setMessage(error.path("message").asText());
    for (JsonNode detail : error.path("data")) {
      if (detail.path("@type").asText().endsWith("/google.rpc.ErrorInfo")) {
        status.addDetails(Any.pack(info(detail)));
      }
    }
    Metadata trailers = StatusProto.toStatusException(status.build()).getTrailers();
    return trailers == null ? new Metadata() : trailers;
  }

  private static ErrorInfo info(JsonNode detail) {
    ErrorInfo.Builder info =
        ErrorInfo.newBuilder()
            .setReason(detail.path("reason").asText())
            .setDomain(detail.path("domain").asText());
    detail
        .path("metadata")
        .properties()
        .forEach(one -> info.putMetadata(one.getKey(), one.getValue().asText()));
    return info.build();
  }
}
