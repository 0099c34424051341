package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.console.access.Authenticator;
import io.margay.console.access.Authorizer;
import io.margay.console.access.Permissions;
import io.margay.console.signin.SignInMethods;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A console whose guests may look, as that of the demo. */
class GuestsTest extends ConsoleTestCase {
  @Override
  SignInMethods signIn() {
    return new SignInMethods(
        Permissions.LOOK,
        Authenticator.NOBODY,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Authorizer.LOCAL);
  }

  @Test
  void guestsLookAndChangeNothing() throws Exception {
    assertThat(get("/api/v1/status").statusCode()).isEqualTo(200);
    assertThat(json("/api/v1/session").at("/sign_in/required").asBoolean()).isFalse();
    assertThat(json("/api/v1/session").at("/permissions/edit").asBoolean()).isFalse();
    HttpResponse<String> refused =
        Http.send(client, uri("/api/v1/policies/apply"), "POST", "{\"yaml\": \"\"}");
    assertThat(refused.statusCode()).isEqualTo(401);
  }
}
