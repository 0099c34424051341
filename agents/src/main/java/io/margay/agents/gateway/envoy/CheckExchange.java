package io.margay.agents.gateway.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import io.margay.agents.gateway.envoy.proto.AttributeContext.HttpRequest;
import io.margay.agents.gateway.envoy.proto.CheckResponse;
import io.margay.agents.gateway.envoy.proto.DeniedHttpResponse;
import io.margay.agents.gateway.envoy.proto.HeaderValue;
import io.margay.agents.gateway.envoy.proto.HeaderValueOption;
import io.margay.agents.gateway.envoy.proto.HttpStatus;
import io.margay.agents.gateway.envoy.proto.OkHttpResponse;
import io.margay.agents.gateway.envoy.proto.Status;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.identity.token.Confirmation;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * A request that Envoy asks about. What a door answers, Envoy answers in our place; what a door
 * sends on, Envoy sends on.
 */
final class CheckExchange extends Exchange {
  /** Envoy's: present when it has read a body, {@code true} when there is more than it sent us. */
  private static final String PARTIAL = "x-envoy-auth-partial-body";

  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

  /** Who the caller is, is said to us and to nobody behind. */
  private static final List<String> CREDENTIALS =
      List.of("authorization", "dpop", "x-workload-token");

  private final HttpRequest asked;
  private final HttpFields headers;
  private final List<X509Certificate> certificates;
  private final Confirmation envoy;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final Map<String, String> answered = new TreeMap<>();
  private int status;
  private @Nullable Map<String, String> permitted;

  /**
   * @param certificates of the client, as Envoy says
   * @param envoy the key with which Envoy calls the upstream
   */
  CheckExchange(HttpRequest asked, List<X509Certificate> certificates, Confirmation envoy) {
    this.asked = asked;
    this.certificates = List.copyOf(certificates);
    this.envoy = envoy;
    this.headers = headers(asked);
  }

  private static HttpFields headers(HttpRequest asked) {
    HttpFields.Mutable fields = HttpFields.build();
    asked.getHeadersMap().forEach((name, value) -> add(fields, name, value));
    for (HeaderValue header : asked.getHeaderMap().getHeadersList()) {
      ByteString raw = header.getRawValue();
      add(fields, header.getKey(), raw.isEmpty() ? header.getValue() : raw.toStringUtf8());
    }
    return fields.asImmutable();
  }

  private static void add(HttpFields.Mutable fields, String name, String value) {
    if (!name.startsWith(":")) {
      fields.add(name, value);
    }
  }

  @Override
  public String method() {
    return asked.getMethod();
  }

  @Override
  public HttpFields headers() {
    return headers;
  }

  @Override
  public String query() {
    int mark = asked.getPath().indexOf('?');
    return mark < 0 ? "" : asked.getPath().substring(mark);
  }

  String path() {
    int mark = asked.getPath().indexOf('?');
    return mark < 0 ? asked.getPath() : asked.getPath().substring(0, mark);
  }

  @Override
  public URI address() {
    return URI.create(asked.getScheme() + "://" + asked.getHost() + path());
  }

  @Override
  public List<X509Certificate> certificates() {
    return certificates;
  }

  @Override
  public Optional<Confirmation> holder() {
    return Optional.of(envoy);
  }

  /** The body that Envoy will send on, byte by byte; without it nothing can be decided. */
  @Override
  public byte[] body() throws Refusal {
    if (header(PARTIAL).orElse("").equals("true")) {
      throw new Refusal(
          413, "Envoy sent a part of the body only: raise with_request_body.max_request_bytes");
    }
    if (!asked.getRawBody().isEmpty()) {
      return asked.getRawBody().toByteArray();
    }
    if (!asked.getBody().isEmpty()) {
      throw new Refusal(
          403, "Envoy sent the body as text, with parts replaced: set pack_as_bytes to true");
    }
    String length = header("content-length").orElse("");
    boolean none =
        length.equals("0")
            || WITHOUT_BODY.contains(method())
                && length.isEmpty()
                && header("transfer-encoding").isEmpty();
    if (!none) {
      throw new Refusal(
          403,
          "Envoy did not send the body, which decides: set with_request_body (max_request_bytes,"
              + " pack_as_bytes)");
    }
    return new byte[0];
  }

  /** Envoy asks once and hears once: that its client has gone, it does not say. */
  @Override
  public void onGone(Runnable action) {}

  @Override
  public boolean isCommitted() {
    return false;
  }

  @Override
  public void send(int code, String type, byte[] bytes, Map<String, String> fields) {
    note(code, fields);
    if (!type.isEmpty()) {
      answered.put("content-type", type);
    }
    body.writeBytes(bytes);
  }

  @Override
  public OutputStream begin(int code, Map<String, String> fields) {
    note(code, fields);
    return body;
  }

  private void note(int code, Map<String, String> fields) {
    status = code;
    body.reset();
    answered.clear();
    fields.forEach((name, value) -> answered.put(name.toLowerCase(Locale.ROOT), value));
  }

  /** Lets the request go on, with these headers in the place of the caller's. */
  void permit(Map<String, String> ours) {
    permitted = new TreeMap<>();
    ours.forEach((name, value) -> permitted.put(name.toLowerCase(Locale.ROOT), value));
  }

  /** What Envoy is told. */
  CheckResponse response() {
    Map<String, String> ours = permitted;
    if (ours != null) {
      OkHttpResponse.Builder ok = OkHttpResponse.newBuilder();
      ours.forEach((name, value) -> ok.addHeaders(replacing(name, value)));
      CREDENTIALS.stream().filter(name -> !ours.containsKey(name)).forEach(ok::addHeadersToRemove);
      return CheckResponse.newBuilder().setStatus(status(Code.OK)).setOkResponse(ok).build();
    }
    DeniedHttpResponse.Builder denied =
        DeniedHttpResponse.newBuilder()
            .setStatus(HttpStatus.newBuilder().setCode(status == 0 ? 500 : status))
            .setBody(body.toString(StandardCharsets.UTF_8));
    answered.forEach((name, value) -> denied.addHeaders(replacing(name, value)));
    return CheckResponse.newBuilder()
        .setStatus(status(Code.PERMISSION_DENIED))
        .setDeniedResponse(denied)
        .build();
  }

  private static Status status(Code code) {
    return Status.newBuilder().setCode(code.value()).build();
  }

  private static HeaderValueOption replacing(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppend(BoolValue.of(false))
        .build();
  }
}
