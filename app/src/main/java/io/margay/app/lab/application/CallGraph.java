package io.margay.app.lab.application;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.manifest.Problem;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Service;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who calls whom: taken from environment variables that name services ({@code *_ADDR}, or {@code
 * *_HOST} with {@code *_PORT}), or from a call graph file.
 */
final class CallGraph {
  /** scheme, host, port, and a path that does not matter. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:([a-z][a-z0-9+.-]*)://)?([A-Za-z0-9.-]+)(?::([0-9]{1,5}))?(?:/.*)?");

  private final List<Workload> workloads;
  private final List<Service> services;
  private final Set<Call> calls = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();

  CallGraph(List<Workload> workloads, List<Service> services) {
    this.workloads = workloads;
    this.services = services;
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** What was left out, a line each. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** Reads the environment of all workloads. */
  void addEnvironments() {
    for (Workload workload : workloads) {
      Map<String, String> environment = workload.environment();
      environment.forEach((name, value) -> {
        if (name.endsWith("_ADDR")) {
          addAddress(workload, name, value);
        } else if (name.endsWith("_HOST")) {
          String port =
              environment.get(name.substring(0, name.length() - "HOST".length()) + "PORT");
          addAddress(workload, name, port == null ? value : value + ":" + port);
        }
      });
    }
  }

  private void addAddress(Workload workload, String variable, String value) {
    Matcher matcher = ADDRESS.matcher(value);
    if (!matcher.matches()) {
      notes.add(caller(workload, variable, value) + ", which is not an address: no calls");
      return;
    }
    String scheme = matcher.group(1) == null ? "" : matcher.group(1);
    Optional<Service> service = service(workload.namespace(), matcher.group(2));
    if (service.isEmpty()) {
      notes.add(caller(workload, variable, value) + ", which is no service here: no calls");
      return;
    }
    Protocol protocol = scheme.equals("udp") ? Protocol.UDP : Protocol.TCP;
    Optional<Integer> port = port(service.get(), scheme, matcher.group(3), protocol);
    if (port.isEmpty()) {
      notes.add(caller(workload, variable, value) + ", a port the service lacks: no calls");
      return;
    }
    calls.add(
        new Call(
            workload.namespace(),
            workload.name(),
            service.get().metadata().namespace(),
            service.get().metadata().name(),
            port.get(),
            protocol,
            true));
  }

  private static String caller(Workload workload, String variable, String value) {
    return workload.namespace() + "/" + workload.name() + ": " + variable + " names " + value;
  }

  /** Finds {@code name}, {@code name.namespace} or {@code name.namespace.svc…}. */
  private Optional<Service> service(String callerNamespace, String host) {
    String[] parts = host.split("\\.", 3);
    String namespace = parts.length > 1 ? parts[1] : callerNamespace;
    if (parts.length > 2 && !parts[2].equals("svc") && !parts[2].startsWith("svc.")) {
      return Optional.empty(); // a host somewhere else
    }
    return services.stream()
        .filter(s -> s.metadata().name().equals(parts[0]))
        .filter(s -> s.metadata().namespace().equals(namespace))
        .findFirst();
  }

  private static Optional<Integer> port(
      Service service, String scheme, String written, Protocol protocol) {
    List<Integer> ports =
        service.spec().ports().stream()
            .filter(port -> port.protocol().equals(protocol))
            .map(Service.ServicePort::port)
            .toList();
    int wanted =
        written != null
            ? Integer.parseInt(written)
            : switch (scheme) {
              case "http" -> 80;
              case "https" -> 443;
              default -> ports.size() == 1 ? ports.getFirst() : 0;
            };
    return ports.contains(wanted) ? Optional.of(wanted) : Optional.empty();
  }

  /**
   * Reads a file of the schema {@code calls/1}. Names are {@code workload} in the file's namespace,
   * or {@code namespace/workload}.
   */
  void addFile(String place, JsonNode file, List<Problem> problems) {
    String namespace = file.path("namespace").asText("default");
    int at = 0;
    for (JsonNode call : file.path("calls")) {
      String field = "calls[" + at++ + "]";
      Name from = Name.read(namespace, call.path("from").asText());
      Name to = Name.read(namespace, call.path("service").asText());
      int port = call.path("servicePort").asInt();
      Protocol protocol =
          call.path("protocol").asText("TCP").equals("UDP") ? Protocol.UDP : Protocol.TCP;
      if (workloads.stream().noneMatch(from::is)) {
        problems.add(
            new Problem(
                place,
                field + ".from",
                from.toString(),
                "no such workload",
                "name one of the folder"));
      } else if (services.stream().noneMatch(service -> to.is(service, port, protocol))) {
        problems.add(
            new Problem(
                place,
                field + ".service",
                to + ":" + port,
                "no service has this port",
                "name a service of the folder and one of its ports"));
      } else {
        calls.add(new Call(from.namespace, from.name, to.namespace, to.name, port, protocol, true));
      }
    }
  }

  /** A name in a call graph file. */
  private record Name(String namespace, String name) {
    static Name read(String defaultNamespace, String text) {
      int slash = text.indexOf('/');
      return slash < 0
          ? new Name(defaultNamespace, text)
          : new Name(text.substring(0, slash), text.substring(slash + 1));
    }

    boolean is(Workload workload) {
      return workload.namespace().equals(namespace) && workload.name().equals(name);
    }

    boolean is(Service service, int port, Protocol protocol) {
      return service.metadata().namespace().equals(namespace)
          && service.metadata().name().equals(name)
          && service.spec().ports().stream()
              .anyMatch(p -> p.port() == port && p.protocol().equals(protocol));
    }

    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }
}
