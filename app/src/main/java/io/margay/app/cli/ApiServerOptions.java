package io.margay.app.cli;

import io.margay.store.apiserver.ApiServerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an API server listens and keeps its objects. */
public final class ApiServerOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where objects, certificates and the kubeconfig are kept.")
  private @Nullable Path data;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description = "The address to listen on; ${DEFAULT-VALUE} if not given.")
  private String address = ApiServerConfig.LOOPBACK;

  @Option(
      names = "--api-port",
      paramLabel = "PORT",
      description = "The port to listen on; 0, the default, for any free one.")
  private int port;

  @Option(
      names = "--also-known-as",
      paramLabel = "NAME",
      description = "A further name or address by which clients reach the server.")
  private List<String> names = new ArrayList<>();

  /** The configuration that these options ask for. */
  ApiServerConfig config(Path usualData) {
    return new ApiServerConfig(data == null ? usualData : data, address, port, names, true);
  }
}
