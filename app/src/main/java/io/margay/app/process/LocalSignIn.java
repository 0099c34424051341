package io.margay.app.process;

import io.margay.app.state.ConsoleToken;
import io.margay.console.access.Authorizer;
import io.margay.console.access.Identity;
import io.margay.console.access.LocalToken;
import io.margay.console.access.Permissions;
import io.margay.console.signin.OneTimeLinks;
import io.margay.console.signin.PasswordFile;
import io.margay.console.signin.SignInMethods;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How people sign in outside a cluster: with a link that the process prints, or a password file.
 * Commands of the same user have a token.
 */
public final class LocalSignIn {
  private static final String PASSWORDS = "console-passwords";

  private final Path folder;
  private final Permissions guests;
  private final Identity user = Identity.local(System.getProperty("user.name", "admin"));
  private final LocalToken token = new LocalToken(user);
  private final OneTimeLinks links = new OneTimeLinks(InstantSource.system());

  /**
   * @param folder where the token and the passwords are, readable by their owner only
   * @param guests what whoever reaches the console on this machine may do without signing in
   */
  public LocalSignIn(Path folder, Permissions guests) {
    this.folder = folder;
    this.guests = guests;
  }

  /** The passwords of a folder. */
  public static PasswordFile passwords(Path folder) {
    return new PasswordFile(folder.resolve(PASSWORDS));
  }

  public SignInMethods methods() {
    return new SignInMethods(
        guests,
        token,
        false,
        Optional.of(passwords(folder)),
        Optional.empty(),
        Optional.of(links),
        Authorizer.LOCAL);
  }

  /** Lets commands of this user in. */
  void announce(URI console) throws IOException {
    String text = console.toString();
    new ConsoleToken(text.endsWith("/") ? text.substring(0, text.length() - 1) : text, token.text())
        .announce(folder);
  }

  void withdraw() {
    ConsoleToken.withdraw(folder);
  }

  /** A link that signs in once. */
  public URI link(URI console) {
    return console.resolve(links.issue(user));
  }
}
