package io.margay.agents.identity.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.margay.agents.identity.spiffe.SpiffeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Which processes of this machine are which workloads. Of many threads at a time. */
public final class Registrations {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile List<Entry> entries;

  /**
   * A workload.
   *
   * @param selectors a process has to match all of them; there is at least one
   * @param hint tells a workload with several identities which one is for what; mostly empty
   */
  public record Entry(SpiffeId id, List<Selector> selectors, String hint) {

    public Entry {
      selectors = List.copyOf(selectors);
      if (selectors.isEmpty()) {
        throw new IllegalArgumentException(
            id + ": has no selectors, so every process would be it; name at least one");
      }
      if (id.path().isEmpty()) {
        throw new IllegalArgumentException(id + ": is a trust domain, not a workload");
      }
    }

    boolean matches(Peer peer) {
      return selectors.stream().allMatch(selector -> matches(selector, peer));
    }

    private static boolean matches(Selector selector, Peer peer) {
      return switch (selector) {
        case Selector.Uid uid -> uid.uid() == peer.uid();
        case Selector.Gid gid -> gid.gid() == peer.gid();
        case Selector.Pid pid -> pid.pid() == peer.pid();
        case Selector.Executable path -> peer.executable().filter(path.path()::equals).isPresent();
      };
    }
  }

  public Registrations(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads a JSON file: a list of objects with {@code spiffeId}, {@code selectors} and maybe {@code
   * hint}.
   *
   * @throws IOException with file, entry and what is wrong
   */
  public static Registrations read(Path file) throws IOException {
    JsonNode document;
    try {
      document = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": not JSON: " + e.getOriginalMessage(), e);
    }
    if (!document.isArray()) {
      throw new IOException(file + ": write a list of registrations: [{\"spiffeId\": …}]");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < document.size(); i++) {
      try {
        entries.add(entry(document.get(i)));
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ", entry " + i + ": " + e.getMessage(), e);
      }
    }
    return new Registrations(entries);
  }

  private static Entry entry(JsonNode node) {
    List<Selector> selectors = new ArrayList<>();
    node.path("selectors").forEach(one -> selectors.add(Selector.parse(one.asText())));
    return new Entry(
        SpiffeId.of(node.path("spiffeId").asText()), selectors, node.path("hint").asText());
  }

  /** Replaces all entries; open streams are told. */
  public void replace(List<Entry> fresh) {
    entries = List.copyOf(fresh);
    listeners.forEach(Runnable::run);
  }

  List<Entry> of(Peer peer) {
    return entries.stream().filter(entry -> entry.matches(peer)).toList();
  }

  AutoCloseable listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
