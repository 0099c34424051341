package io.margay.console.signin;

import io.margay.console.access.Caller;
import io.margay.console.access.Identity;
import io.margay.console.access.Secrets;
import io.margay.console.http.Exchange;
import io.margay.console.http.Guard;
import io.margay.console.http.HttpFailure;
import io.margay.console.signin.Sessions.Session;
import java.util.Optional;
import java.util.Set;

/**
 * Admits scripts by their bearer token and browsers by their session cookie. A cookie comes with
 * whatever page sends a request, so what changes something must also carry the session's CSRF
 * token, which only our own page can read.
 */
final class Gate implements Guard {
  static final String COOKIE = "margay_session";
  static final String CSRF_HEADER = "X-CSRF-Token";
  private static final String BEARER = "Bearer ";
  private static final Set<String> SAFE = Set.of("GET", "HEAD");

  private final SignInMethods methods;
  private final Sessions sessions;

  Gate(SignInMethods methods, Sessions sessions) {
    this.methods = methods;
    this.sessions = sessions;
  }

  @Override
  public Caller admit(Exchange exchange) {
    Optional<Identity> bearer = bearer(exchange);
    if (bearer.isPresent()) {
      return caller(bearer.get());
    }
    Optional<Session> session = session(exchange);
    if (session.isPresent()) {
      checkCsrf(exchange, session.get());
      return caller(session.get().identity());
    }
    boolean reads = SAFE.contains(exchange.method());
    if (reads ? !methods.required() : methods.guests().edits()) {
      OriginCheck.check(exchange);
      return Caller.guest("guest", methods.guests());
    }
    throw unauthorized("sign in first: GET /api/v1/session tells how");
  }

  /** The user of the request's token, if it brings one; a wrong one is never passed over. */
  private Optional<Identity> bearer(Exchange exchange) {
    Optional<String> header = exchange.header("Authorization");
    if (header.isEmpty()) {
      return Optional.empty();
    }
    String text = header.get();
    if (!text.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw unauthorized("write Authorization: Bearer TOKEN");
    }
    return Optional.of(
        methods
            .tokens()
            .authenticate(text.substring(BEARER.length()).strip())
            .orElseThrow(
                () -> unauthorized("nobody vouches for this token: it is wrong, or too old")));
  }

  /** The session of the request's cookie. */
  Optional<Session> session(Exchange exchange) {
    return exchange.cookie(COOKIE).flatMap(sessions::find);
  }

  private static void checkCsrf(Exchange exchange, Session session) {
    if (SAFE.contains(exchange.method())) {
      return;
    }
    String sent = exchange.header(CSRF_HEADER).orElse("");
    if (!Secrets.same(session.csrf(), sent)) {
      throw new HttpFailure(
          403,
          "the header %s is %s: send the csrf_token of GET /api/v1/session"
              .formatted(CSRF_HEADER, sent.isEmpty() ? "missing" : "not the session's"));
    }
  }

  Caller caller(Identity identity) {
    return new Caller(
        identity.user(), Optional.of(identity), methods.authorizer().permissions(identity));
  }

  private static HttpFailure unauthorized(String message) {
    return new HttpFailure(401, message).with("WWW-Authenticate", "Bearer");
  }
}
