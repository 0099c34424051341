package io.margay.agents.gateway.a2a.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.margay.agents.gateway.grpc.GrpcServer;
import io.margay.agents.gateway.http.EventSink;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.StrictJson;
import io.margay.agents.identity.token.Confirmation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;

/**
 * A call over gRPC as the door of A2A sees it: a JSON-RPC request. What the door answers, in JSON
 * or as a stream of events, is turned into messages on the way.
 */
final class GrpcExchange extends Exchange {
  /** What an agent may answer at a time: it has to fit in memory to be turned into a message. */
  private static final int MAX_ANSWER_BYTES = 16 << 20;

  private final GrpcCall grpc;
  private final ServerCall<Message, Message> call;
  private final HttpFields headers;
  private final byte[] body;
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  private int answerStatus;

  /**
   * @throws StatusException when the request says what JSON cannot
   */
  GrpcExchange(GrpcCall grpc, ServerCall<Message, Message> call, Metadata headers, Message request)
      throws StatusException {
    this.grpc = grpc;
    this.call = call;
    this.headers = fields(headers);
    this.body = jsonRpc(operation(call), request);
  }

  private static String operation(ServerCall<Message, Message> call) {
    return Objects.requireNonNull(call.getMethodDescriptor().getBareMethodName());
  }

  private static byte[] jsonRpc(String method, Message request) throws StatusException {
    try {
      String params = JsonFormat.printer().omittingInsignificantWhitespace().print(request);
      return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}"
          .formatted(method, params)
          .getBytes(StandardCharsets.UTF_8);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription("the request has no form in JSON: " + e.getMessage())
          .asException();
    }
  }

  /** What the caller says about itself and its call; what gRPC says about its bytes is not that. */
  private static HttpFields fields(Metadata headers) {
    HttpFields.Mutable fields = HttpFields.build();
    for (String name : headers.keys()) {
      if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX) || name.startsWith("grpc-")) {
        continue;
      }
      Iterable<String> values =
          headers.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
      if (values != null) {
        values.forEach(value -> fields.add(name, value));
      }
    }
    fields.put("content-type", "application/json");
    fields.put("accept", "application/json, text/event-stream");
    return fields.asImmutable();
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public HttpFields headers() {
    return headers;
  }

  @Override
  public String query() {
    return "";
  }

  /** As a proof of possession names it; the authority is what the client likes to write. */
  @Override
  public URI address() {
    return URI.create("https://gateway/" + call.getMethodDescriptor().getFullMethodName());
  }

  @Override
  public List<X509Certificate> certificates() {
    return GrpcServer.certificates(call);
  }

  @Override
  public Optional<Confirmation> holder() {
    return Optional.empty();
  }

  @Override
  public byte[] body() {
    return body.clone();
  }

  @Override
  public void onGone(Runnable action) {
    grpc.onGone(action);
  }

  @Override
  public boolean isCommitted() {
    return grpc.hasBegun();
  }

  @Override
  public void send(int status, String type, byte[] bytes, Map<String, String> fields)
      throws IOException {
    take(status, new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public OutputStream begin(int status, Map<String, String> fields) {
    String type = fields.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
    if (status == 200 && type.startsWith("text/event-stream")) {
      grpc.begin();
      return new EventSink(MAX_ANSWER_BYTES, data -> take(status, data));
    }
    answer.reset();
    answerStatus = status;
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (answer.size() + length > MAX_ANSWER_BYTES) {
          throw new IOException("the answer is larger than " + MAX_ANSWER_BYTES + " bytes");
        }
        answer.write(bytes, offset, length);
      }
    };
  }

  /** Gives the answer that was whole only now. */
  void finish() throws IOException {
    if (answerStatus != 0) {
      take(answerStatus, answer.toString(StandardCharsets.UTF_8));
    }
  }

  private void take(int status, String text) throws IOException {
    try {
      JsonNode said = StrictJson.read(text);
      if (said.has("error")) {
        grpc.end(Statuses.of(said.path("error")), Statuses.details(said.path("error")));
        return;
      }
      grpc.answer(message(said.path("result")));
    } catch (StrictJson.NotJson | InvalidProtocolBufferException e) {
      grpc.end(
          Status.INTERNAL.withDescription(
              "the agent answered HTTP %d with what is no answer to %s"
                  .formatted(status, operation(call))),
          new Metadata());
    }
  }

  private Message message(JsonNode result) throws InvalidProtocolBufferException {
    Message prototype = prototype(call.getMethodDescriptor().getResponseMarshaller());
    if (prototype instanceof Empty) {
      return prototype;
    }
    if (!result.isObject()) {
      throw new InvalidProtocolBufferException("the result is not an object");
    }
    Message.Builder builder = prototype.newBuilderForType();
    JsonFormat.parser()
        .ignoringUnknownFields()
        .merge(new String(StrictJson.write(result), StandardCharsets.UTF_8), builder);
    return builder.build();
  }

  private static Message prototype(MethodDescriptor.Marshaller<Message> marshaller) {
    if (marshaller instanceof MethodDescriptor.PrototypeMarshaller<Message> known) {
      return Objects.requireNonNull(known.getMessagePrototype());
    }
    throw new IllegalStateException("a method from a proto file knows its messages");
  }
}
