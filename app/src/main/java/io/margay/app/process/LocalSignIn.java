package io.margay.app.process;

import io.margay.app.state.ConsoleToken;
import io.margay.app.state.StateFolder;
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
import java.util.Set;
import java.util.function.Supplier;

/**
 * How people sign in outside a cluster: with a link that the process prints, or a password file.
 * Commands of the same user have a token.
 */
public final class LocalSignIn implements ConsoleSignIn {
  private static final String PASSWORDS = "console-passwords";

  private final Path folder;
  private final PasswordFile passwords;
  private final Permissions guests;
  private final Identity user = Identity.local(System.getProperty("user.name", "admin"));
  private final LocalToken token = new LocalToken(user);
  private final OneTimeLinks links = new OneTimeLinks(InstantSource.system());

  /**
   * @param folder where the token goes, readable by its owner only
   * @param passwords of those who may sign in with one
   * @param guests what whoever reaches the console on this machine may do without signing in
   */
  public LocalSignIn(Path folder, PasswordFile passwords, Permissions guests) {
    this.folder = folder;
    this.passwords = passwords;
    this.guests = guests;
  }

  /** The passwords for all consoles of this user. */
  public static PasswordFile passwords(StateFolder state) {
    return new PasswordFile(state.root().resolve(PASSWORDS));
  }

  @Override
  public SignInMethods methods(Supplier<Set<String>> namespaces) {
    return new SignInMethods(
        guests,
        token,
        false,
        Optional.of(passwords),
        Optional.empty(),
        Optional.of(links),
        Authorizer.LOCAL);
  }

  @Override
  public void announce(URI console) throws IOException {
    String text = console.toString();
    new ConsoleToken(text.endsWith("/") ? text.substring(0, text.length() - 1) : text, token.text())
        .announce(folder);
  }

  @Override
  public void withdraw() {
    ConsoleToken.withdraw(folder);
  }

  @Override
  public Optional<URI> link(URI console) {
    return Optional.of(console.resolve(links.issue(user)));
  }
}
