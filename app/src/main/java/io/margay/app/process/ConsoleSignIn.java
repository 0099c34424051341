package io.margay.app.process;

import io.margay.console.signin.SignInMethods;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** How people and scripts sign in to the console of a process. */
public sealed interface ConsoleSignIn permits LocalSignIn, ClusterSignIn {

  /**
   * The means.
   *
   * @param namespaces that exist now
   */
  SignInMethods methods(Supplier<Set<String>> namespaces);

  /** The console answers: lets others know what they need to sign in. */
  void announce(URI console) throws IOException;

  /** It is over. */
  void withdraw();

  /** A link that signs in once; empty where there are none. */
  Optional<URI> link(URI console);
}
