package io.margay.store.apiserver;

import java.nio.file.Path;
import java.util.List;

/**
 * Where an embedded API server listens and keeps its things.
 *
 * @param directory for objects, certificates and the kubeconfig; made if it is not there, readable
 *     by its owner only
 * @param host the address to listen on
 * @param port 0 for any free one
 * @param alsoKnownAs further names and addresses by which clients reach it, for its certificate
 * @param durable whether objects outlive the process; if not, only the credentials are kept
 */
public record ApiServerConfig(
    Path directory, String host, int port, List<String> alsoKnownAs, boolean durable) {

  /** Nobody on other machines can reach a server that was not told to listen for them. */
  public static final String LOOPBACK = "127.0.0.1";

  public ApiServerConfig {
    alsoKnownAs = List.copyOf(alsoKnownAs);
  }

  /** A durable server for this machine only, on any free port. */
  public static ApiServerConfig local(Path directory) {
    return new ApiServerConfig(directory, LOOPBACK, 0, List.of(), true);
  }
}
