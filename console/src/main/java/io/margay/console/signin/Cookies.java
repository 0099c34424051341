package io.margay.console.signin;

import io.margay.console.http.Exchange;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;

/** Sets cookies that no script can read and no other site can use. */
final class Cookies {
  private Cookies() {}

  /** With which requests of other sites a cookie goes along. */
  enum SameSite {
    /** With none. */
    STRICT("Strict"),
    /** Only when the browser comes here from there, as from an identity provider. */
    LAX("Lax");

    private final String word;

    SameSite(String word) {
      this.word = word;
    }
  }

  static void set(
      Exchange exchange,
      String name,
      String value,
      SameSite sameSite,
      boolean secure,
      Duration age) {
    exchange.addHeader(
        HttpHeader.SET_COOKIE,
        "%s=%s; Path=/; HttpOnly; SameSite=%s; Max-Age=%d%s"
            .formatted(name, value, sameSite.word, age.toSeconds(), secure ? "; Secure" : ""));
  }

  static void clear(Exchange exchange, String name, boolean secure) {
    set(exchange, name, "", SameSite.STRICT, secure, Duration.ZERO);
  }
}
