package io.margay.console.signin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.access.AccessUnavailableException;
import io.margay.console.access.Caller;
import io.margay.console.access.Identity;
import io.margay.console.access.Permissions;
import io.margay.console.http.Exchange;
import io.margay.console.http.Guard;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.console.signin.Sessions.Begun;
import io.margay.console.signin.Sessions.Session;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Signs in, signs out, and tells who is signed in. */
public final class SessionEndpoints {
  private static final int MOST_PER_ADDRESS = 10;
  private static final int MOST_PER_NAME = 5;

  private final SignInMethods methods;
  private final boolean secure;
  private final String serves;
  private final Sessions sessions;
  private final Gate gate;
  private final AttemptLimiter attempts;
  private final @Nullable OidcEndpoints oidc;

  /**
   * @param secure whether browsers come by HTTPS, so that cookies must never go without
   * @param serves what the page shows: {@code flows} or {@code agents}
   */
  public SessionEndpoints(
      SignInMethods methods, boolean secure, String serves, InstantSource clock) {
    this.methods = methods;
    this.secure = secure;
    this.serves = serves;
    this.sessions = new Sessions(clock);
    this.gate = new Gate(methods, sessions);
    this.attempts = new AttemptLimiter(clock);
    this.oidc =
        methods.oidc().map(login -> new OidcEndpoints(login, secure, this::begin)).orElse(null);
  }

  /** Lets in those who are signed in. */
  public Guard guard() {
    return gate;
  }

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(Route.get("/api/v1/session", this::whoAmI).forEverybody());
    routes.add(new Route("POST", "/api/v1/session", true, this::signIn));
    routes.add(Route.delete("/api/v1/session", this::signOut));
    routes.add(Route.post("/api/v1/session/link", this::link));
    routes.add(Route.get("/sign-in/once", this::once).forEverybody());
    routes.add(Route.get("/sign-in/oidc", this::oidc).forEverybody());
    routes.add(Route.get("/sign-in/oidc/callback", this::oidcCallback).forEverybody());
    return routes;
  }

  private void whoAmI(Exchange exchange) throws IOException {
    Session session = gate.session(exchange).orElse(null);
    if (exchange.header("Authorization").isPresent()) {
      answer(exchange, gate.admit(exchange), null);
    } else {
      answer(exchange, session == null ? null : gate.caller(session.identity()), session);
    }
  }

  private void signIn(Exchange exchange) throws IOException {
    OriginCheck.check(exchange);
    JsonNode body = exchange.body();
    String user = body.path("user").asText();
    String address = "address " + exchange.remoteAddress();
    String name = "name " + user;
    refuseHaste(attempts.wait(address, MOST_PER_ADDRESS));
    refuseHaste(user.isEmpty() ? Duration.ZERO : attempts.wait(name, MOST_PER_NAME));
    Optional<Identity> identity = identity(body, user);
    if (identity.isEmpty()) {
      attempts.failed(address);
      if (!user.isEmpty()) {
        attempts.failed(name);
      }
      throw new HttpFailure(
          401,
          user.isEmpty()
              ? "nobody vouches for this token: it is wrong, or too old"
              : "the name or password is wrong");
    }
    attempts.succeeded(name);
    // Permissions first: a user whose permissions nobody can tell gets no session.
    Caller caller = gate.caller(identity.get());
    answer(exchange, caller, begin(exchange, identity.get()));
  }

  private static void refuseHaste(Duration wait) {
    if (wait.isPositive()) {
      String seconds = Long.toString(wait.toSeconds() + 1);
      throw new HttpFailure(429, "too many attempts failed, wait " + seconds + " seconds")
          .with("Retry-After", seconds);
    }
  }

  private Optional<Identity> identity(JsonNode body, String user) throws IOException {
    if (body.path("token").isTextual()) {
      return methods.tokens().authenticate(body.path("token").asText().strip());
    }
    if (user.isEmpty() || !body.path("password").isTextual()) {
      throw HttpFailure.badRequest(
          "write {\"user\": \"…\", \"password\": \"…\"} or {\"token\": \"…\"}");
    }
    PasswordFile passwords =
        methods
            .passwords()
            .orElseThrow(() -> HttpFailure.badRequest("this console has no passwords"));
    try {
      return passwords.check(user, body.path("password").asText().toCharArray());
    } catch (IOException e) {
      throw new AccessUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  private void signOut(Exchange exchange) throws IOException {
    exchange.cookie(Gate.COOKIE).ifPresent(sessions::end);
    Cookies.clear(exchange, Gate.COOKIE, secure);
    answer(exchange, null, null);
  }

  /** Another one-time link, for whoever may use this machine. */
  private void link(Exchange exchange) throws IOException {
    OneTimeLinks links =
        methods
            .links()
            .orElseThrow(() -> HttpFailure.notFound("this console gives out no one-time links"));
    if (!exchange.caller().permissions().seesAll() || !exchange.caller().permissions().edits()) {
      throw new HttpFailure(403, "a link permits everything, and you may not do everything");
    }
    String path = links.issue(Identity.local(exchange.caller().user()));
    exchange.json(json -> {
      json.writeStartObject();
      json.writeStringField("path", path);
      json.writeNumberField("valid_seconds", OneTimeLinks.VALID.toSeconds());
      json.writeEndObject();
    });
  }

  private void once(Exchange exchange) throws IOException {
    String code =
        exchange.query("code").orElseThrow(() -> HttpFailure.badRequest("code is missing"));
    if (exchange.isHead()) {
      // A look ahead by a chat program must not use the link up.
      exchange.redirect("/");
      return;
    }
    String address = "address " + exchange.remoteAddress();
    refuseHaste(attempts.wait(address, MOST_PER_ADDRESS));
    Optional<Identity> identity = methods.links().flatMap(links -> links.redeem(code));
    if (identity.isEmpty()) {
      attempts.failed(address);
      exchange.redirect("/sign-in?reason=used");
      return;
    }
    begin(exchange, identity.get());
    exchange.redirect("/");
  }

  private void oidc(Exchange exchange) throws IOException {
    oidcOr404().begin(exchange);
  }

  private void oidcCallback(Exchange exchange) throws IOException {
    oidcOr404().callback(exchange);
  }

  private OidcEndpoints oidcOr404() {
    if (oidc == null) {
      throw HttpFailure.notFound("this console knows no identity provider");
    }
    return oidc;
  }

  /** A new session, whose cookie goes out with the answer; an old one of the browser ends. */
  private Session begin(Exchange exchange, Identity identity) {
    exchange.cookie(Gate.COOKIE).ifPresent(sessions::end);
    Begun begun = sessions.begin(identity);
    Cookies.set(
        exchange, Gate.COOKIE, begun.id(), Cookies.SameSite.STRICT, secure, Sessions.LONGEST);
    return begun.session();
  }

  private void answer(Exchange exchange, @Nullable Caller caller, @Nullable Session session)
      throws IOException {
    exchange.setHeader(HttpHeader.VARY, "Cookie, Authorization");
    exchange.json(json -> {
      json.writeStartObject();
      json.writeBooleanField("signed_in", caller != null);
      json.writeStringField("user", caller == null ? null : caller.user());
      json.writeStringField("serves", serves);
      json.writeStringField("csrf_token", session == null ? null : session.csrf());
      if (caller == null && methods.required()) {
        json.writeNullField("permissions");
      } else {
        write(caller == null ? methods.guests() : caller.permissions(), json);
      }
      writeMethods(json);
      json.writeEndObject();
    });
  }

  private static void write(Permissions permissions, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("permissions");
    json.writeBooleanField("edit", permissions.edits());
    json.writeBooleanField("all_namespaces", permissions.seesAll());
    json.writeArrayFieldStart("namespaces");
    for (String namespace : permissions.namespaces().stream().sorted().toList()) {
      json.writeString(namespace);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeMethods(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("sign_in");
    json.writeBooleanField("required", methods.required());
    json.writeBooleanField(
        "password", methods.passwords().filter(PasswordFile::exists).isPresent());
    json.writeBooleanField("token", methods.takesTokens());
    json.writeBooleanField("oidc", methods.oidc().isPresent());
    json.writeBooleanField("link", methods.links().isPresent());
    json.writeEndObject();
  }
}
