package io.margay.console.blast;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * What a change of a machine's address would reach.
 *
 * @param flowsKnown whether there was a history to ask; without one nobody knows who talks
 * @param talks who talks to the machine and to whom it talks, the most connections first
 * @param dependencies what is tied to it, by its address or by its labels
 */
public record BlastRadius(
    ExaminedMachine machine, boolean flowsKnown, List<Talk> talks, List<Dependency> dependencies) {
  public BlastRadius {
    talks = List.copyOf(talks);
    dependencies = List.copyOf(dependencies);
  }

  /** What names the machine's address, or a range with it. */
  public List<Dependency> byAddress() {
    return dependencies.stream()
        .filter(dependency -> dependency.binding().compareTo(Binding.RANGE) >= 0)
        .toList();
  }

  /** What would be wrong with another address, wherever that is. */
  public List<Dependency> toChange() {
    return with(Binding.ADDRESS);
  }

  /** What goes on as it is with another address. */
  public List<Dependency> byLabel() {
    return with(Binding.LABEL);
  }

  private List<Dependency> with(Binding binding) {
    return dependencies.stream().filter(item -> item.binding() == binding).toList();
  }

  /** Who has something to change or talks to the machine, each once. */
  public SequencedSet<String> toTell() {
    SequencedSet<String> owners = new LinkedHashSet<>();
    Stream.concat(byAddress().stream().map(Dependency::owner), talks.stream().map(Talk::owner))
        .forEach(owners::add);
    return owners;
  }
}
