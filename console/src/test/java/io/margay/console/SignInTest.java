package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.access.Authorizer;
import io.margay.console.access.Identity;
import io.margay.console.access.LocalToken;
import io.margay.console.access.Permissions;
import io.margay.console.signin.OneTimeLinks;
import io.margay.console.signin.PasswordFile;
import io.margay.console.signin.SignInMethods;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in outside a cluster, over a real socket. */
class SignInTest extends ConsoleTestCase {
  private static final Identity ADMIN = Identity.local("admin");

  @TempDir Path folder;

  private final LocalToken token = new LocalToken(ADMIN);
  private final OneTimeLinks links = new OneTimeLinks(now::get);
  private PasswordFile passwords;

  @Override
  SignInMethods signIn() throws IOException {
    passwords = new PasswordFile(folder.resolve("passwords"));
    passwords.put("ann", "correct horse".toCharArray());
    return new SignInMethods(
        guests(),
        token,
        false,
        Optional.of(passwords),
        Optional.empty(),
        Optional.of(links),
        Authorizer.LOCAL);
  }

  Permissions guests() {
    return Permissions.NONE;
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    return Http.send(client, uri(path), method, body, headers);
  }

  private HttpResponse<String> signIn(String user, String password) throws Exception {
    return send(
        "POST",
        "/api/v1/session",
        "{\"user\": \"%s\", \"password\": \"%s\"}".formatted(user, password));
  }

  private static String cookie(HttpResponse<String> response) {
    String cookie = response.headers().firstValue("Set-Cookie").orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/flows",
        "/api/v1/flows/stream",
        "/api/v1/tiers",
        "/api/v1/status",
        "/metrics",
        "/flows",
        "/flows?watch=true",
        "/whisker-backend/flows-filter-hints?type=DestName",
        "/api/v1/why?from=shop/web-1&to=x&port=1",
        "/api/v1/flows/1-1/fix"
      })
  void nothingIsShownToStrangers(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(answer.body()).contains("sign in");
  }

  @Test
  void thePageItselfIsForEverybodySinceItSignsIn() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(200);
    JsonNode session = json("/api/v1/session");
    assertThat(session)
        .isEqualTo(
            parse(
                """
                {"signed_in": false, "user": null, "serves": "flows", "csrf_token": null, "permissions": null,
                 "sign_in": {"required": true, "password": true, "token": false, "oidc": false, "link": true}}
                """));
  }

  @Test
  void aPasswordOpensASessionThatEndsWithSigningOut() throws Exception {
    HttpResponse<String> signedIn = signIn("ann", "correct horse");
    assertThat(signedIn.statusCode()).isEqualTo(200);
    assertThat(signedIn.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("HttpOnly")
        .contains("SameSite=Strict")
        .contains("Path=/")
        .doesNotContain("Secure");
    String cookie = cookie(signedIn);
    JsonNode session = parse(signedIn.body());
    assertThat(session.path("user").asText()).isEqualTo("ann");
    assertThat(session.at("/permissions/edit").asBoolean()).isTrue();
    String csrf = session.path("csrf_token").asText();
    assertThat(send("GET", "/api/v1/status", "", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(
            parse(send("GET", "/api/v1/session", "", "Cookie", cookie).body())
                .path("csrf_token")
                .asText())
        .isEqualTo(csrf);

    assertThat(send("DELETE", "/api/v1/session", "", "Cookie", cookie).statusCode())
        .as("without the CSRF token")
        .isEqualTo(403);
    assertThat(
            send("DELETE", "/api/v1/session", "", "Cookie", cookie, "X-CSRF-Token", csrf)
                .statusCode())
        .isEqualTo(200);
    assertThat(send("GET", "/api/v1/status", "", "Cookie", cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void sessionsEndByThemselves() throws Exception {
    String cookie = cookie(signIn("ann", "correct horse"));
    now.set(T0.plus(Duration.ofMinutes(119)));
    assertThat(send("GET", "/api/v1/status", "", "Cookie", cookie).statusCode()).isEqualTo(200);
    now.set(now.get().plus(Duration.ofMinutes(121)));
    assertThat(send("GET", "/api/v1/status", "", "Cookie", cookie).statusCode()).isEqualTo(401);
    String busy = cookie(signIn("ann", "correct horse"));
    for (int hour = 0; hour < 12; hour++) {
      assertThat(send("GET", "/api/v1/status", "", "Cookie", busy).statusCode()).isEqualTo(200);
      now.set(now.get().plus(Duration.ofMinutes(61)));
    }
    assertThat(send("GET", "/api/v1/status", "", "Cookie", busy).statusCode())
        .as("after twelve hours, though it was used all the time")
        .isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({"ann, wrong horse", "ann, ''", "bob, correct horse", "'', correct horse"})
  void wrongNamesAndPasswordsAreRefusedAlike(String user, String password) throws Exception {
    HttpResponse<String> refused = signIn(user, password);
    assertThat(refused.statusCode()).isIn(400, 401);
    assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(refused.body()).doesNotContain("horse");
  }

  @Test
  void guessingIsSlowedDown() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(signIn("ann", "guess").statusCode()).isEqualTo(401);
    }
    HttpResponse<String> slowed = signIn("ann", "correct horse");
    assertThat(slowed.statusCode()).isEqualTo(429);
    assertThat(slowed.headers().firstValue("Retry-After")).isPresent();
    now.set(T0.plusSeconds(61));
    assertThat(signIn("ann", "correct horse").statusCode()).isEqualTo(200);
    // Guessing names does not get around it: the address waits, too.
    for (int i = 0; i < 10; i++) {
      signIn("name" + i, "guess");
    }
    assertThat(signIn("ann", "correct horse").statusCode()).isEqualTo(429);
  }

  @Test
  void aLinkSignsInOnceAndLeavesNoSecretInTheUrl() throws Exception {
    String link = links.issue(ADMIN);
    assertThat(send("HEAD", link, "").headers().firstValue("Set-Cookie")).isEmpty();
    HttpResponse<String> first = send("GET", link, "");
    assertThat(first.statusCode()).isEqualTo(303);
    assertThat(first.headers().firstValue("Location")).contains("/");
    assertThat(first.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    String cookie = cookie(first);
    assertThat(send("GET", "/api/v1/status", "", "Cookie", cookie).statusCode()).isEqualTo(200);
    HttpResponse<String> second = send("GET", link, "");
    assertThat(second.headers().firstValue("Location")).contains("/sign-in?reason=used");
    assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
    String late = links.issue(ADMIN);
    now.set(T0.plus(OneTimeLinks.VALID).plusSeconds(1));
    assertThat(send("GET", late, "").headers().firstValue("Location"))
        .contains("/sign-in?reason=used");
  }

  @Test
  void scriptsHaveATokenAndNeedNoCsrfToken() throws Exception {
    String bearer = "Bearer " + token.text();
    assertThat(send("GET", "/api/v1/status", "", "Authorization", bearer).statusCode())
        .isEqualTo(200);
    HttpResponse<String> link = send("POST", "/api/v1/session/link", "", "Authorization", bearer);
    assertThat(link.statusCode()).isEqualTo(200);
    HttpResponse<String> used = send("GET", parse(link.body()).path("path").asText(), "");
    assertThat(used.headers().firstValue("Location")).contains("/");
    for (String wrong : new String[] {"Bearer x", "Bearer ", "Basic YTpi", bearer + "x"}) {
      assertThat(send("GET", "/api/v1/status", "", "Authorization", wrong).statusCode())
          .as(wrong)
          .isEqualTo(401);
    }
    assertThat(send("GET", "/api/v1/session", "", "Authorization", "Bearer x").statusCode())
        .isEqualTo(401);
  }

  @Test
  void otherSitesCannotSignAnybodyIn() throws Exception {
    String body = "{\"user\": \"ann\", \"password\": \"correct horse\"}";
    assertThat(send("POST", "/api/v1/session", body, "Origin", "http://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(send("POST", "/api/v1/session", body, "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    String own = "http://127.0.0.1:" + console.uri().getPort();
    assertThat(send("POST", "/api/v1/session", body, "Origin", own).statusCode()).isEqualTo(200);
  }

  @Test
  void passwordsAreKeptHashedAndPrivate() throws Exception {
    Path file = folder.resolve("passwords");
    assertThat(Files.readString(file)).startsWith("ann:pbkdf2-sha512:").doesNotContain("horse");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    passwords.put("ann", "another horse".toCharArray());
    assertThat(signIn("ann", "correct horse").statusCode()).isEqualTo(401);
    assertThat(signIn("ann", "another horse").statusCode()).isEqualTo(200);
    assertThat(passwords.remove("ann")).isTrue();
    assertThat(signIn("ann", "another horse").statusCode()).isEqualTo(401);
  }

  @Test
  void aDamagedPasswordFileLetsNobodyIn() throws Exception {
    Files.writeString(folder.resolve("passwords"), "ann:plain\n");
    HttpResponse<String> refused = signIn("ann", "plain");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("line 1").contains("margay console passwd");
  }
}
