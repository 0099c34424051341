package io.margay.agents.gateway.http;

import io.margay.agents.identity.Verification;
import io.margay.agents.identity.token.Confirmation;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * A request of an agent and the answer to it, whether it came to our own server or a proxy asks
 * about it.
 */
public abstract class Exchange {
  private Verification.@Nullable Accepted verified;

  public abstract String method();

  public abstract HttpFields headers();

  /** The query as it was sent, with its question mark; empty without one. */
  public abstract String query();

  /** Where the client sent the request, as it knows the server; without the query. */
  public abstract URI address();

  /** The certificates that the client showed, its own first; empty when it showed none. */
  public abstract List<X509Certificate> certificates();

  /** The key of whoever calls on in our place; empty when we do so ourselves. */
  public abstract Optional<Confirmation> holder();

  /** The whole body. */
  public abstract byte[] body() throws IOException, Refusal;

  /** Calls back when the client is gone. */
  public abstract void onGone(Runnable action);

  public abstract boolean isCommitted();

  /** Answers with a whole body. */
  public abstract void send(int status, String type, byte[] body, Map<String, String> headers)
      throws IOException;

  /**
   * Begins an answer whose end is not known; what is flushed goes out at once. It is not to be
   * closed: the answer ends with its request, and an answer that breaks off must not look whole.
   */
  public abstract OutputStream begin(int status, Map<String, String> headers);

  /** A header that may stand in the request once. */
  public final Optional<String> header(String name) throws Refusal {
    String found = null;
    for (HttpField field : headers()) {
      if (field.is(name)) {
        if (found != null) {
          throw new Refusal(400, "the header " + name + " stands in the request twice");
        }
        found = field.getValue();
      }
    }
    return Optional.ofNullable(found);
  }

  /** Answers with a message in words. */
  public final void sendText(int status, String text, Map<String, String> headers)
      throws IOException {
    send(
        status,
        "text/plain; charset=utf-8",
        (text + "\n").getBytes(StandardCharsets.UTF_8),
        headers);
  }

  /** Notes who was found to have sent this, for the token of the next hop. */
  public final void verified(Verification.Accepted accepted) {
    verified = accepted;
  }

  /** Who sent this; empty before that was looked at. */
  public final Optional<Verification.Accepted> verified() {
    return Optional.ofNullable(verified);
  }
}
