package io.margay.console.signin;

import io.margay.console.access.AccessUnavailableException;
import io.margay.console.access.Identity;
import io.margay.console.access.Secrets;
import io.margay.console.http.Exchange;
import io.margay.console.signin.OidcLogin.Attempt;
import io.margay.console.signin.OidcLogin.SignInException;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads browsers to the identity provider and back. */
final class OidcEndpoints {
  private static final Logger log = LoggerFactory.getLogger(OidcEndpoints.class);
  private static final String COOKIE = "margay_oidc";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** A path of this server and nothing that a browser takes for another one. */
  private static final Pattern OWN_PATH = Pattern.compile("/(?![/\\\\])[!-\\[\\]-~]*");

  private final OidcLogin login;
  private final boolean secure;
  private final SessionStart start;

  /** Begins a session. */
  @FunctionalInterface
  interface SessionStart {
    Object begin(Exchange exchange, Identity identity);
  }

  OidcEndpoints(OidcLogin login, boolean secure, SessionStart start) {
    this.login = login;
    this.secure = secure;
    this.start = start;
  }

  void begin(Exchange exchange) throws IOException {
    Attempt attempt = new Attempt(Secrets.random(), Secrets.random(), Secrets.random());
    String to = exchange.query("to").filter(path -> OWN_PATH.matcher(path).matches()).orElse("/");
    // Lax: the provider sends the browser back from its own site, and the cookie must come along.
    Cookies.set(
        exchange,
        COOKIE,
        String.join(
            ".",
            attempt.state(),
            attempt.nonce(),
            attempt.verifier(),
            URLEncoder.encode(to, StandardCharsets.UTF_8)),
        Cookies.SameSite.LAX,
        secure,
        PATIENCE);
    try {
      exchange.redirect(login.begin(attempt).toString());
    } catch (SignInException e) {
      log.warn("sign-in failed: {}", e.getMessage());
      exchange.redirect("/sign-in?reason=provider");
    }
  }

  void callback(Exchange exchange) throws IOException {
    String[] kept = exchange.cookie(COOKIE).orElse("").split("\\.", 4);
    Cookies.clear(exchange, COOKIE, secure);
    Optional<String> code = exchange.query("code");
    if (kept.length != 4
        || !Secrets.same(kept[0], exchange.query("state").orElse(""))
        || kept[0].isEmpty()) {
      exchange.redirect("/sign-in?reason=state");
      return;
    }
    if (code.isEmpty()) {
      exchange.redirect("/sign-in?reason=refused");
      return;
    }
    try {
      Identity identity = login.complete(new Attempt(kept[0], kept[1], kept[2]), code.get());
      start.begin(exchange, identity);
      String to = URLDecoder.decode(kept[3], StandardCharsets.UTF_8);
      exchange.redirect(OWN_PATH.matcher(to).matches() ? to : "/");
    } catch (SignInException | AccessUnavailableException e) {
      log.warn("sign-in failed: {}", e.getMessage());
      exchange.redirect("/sign-in?reason=provider");
    }
  }
}
