package io.margay.kernel.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.kernel.InNamespaces;
import io.margay.kernel.netns.NetworkNamespace;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The library and the command must behave alike. */
class NftablesTest extends InNamespaces {

  static Stream<Arguments> engines() {
    Stream<Arguments> engines =
        Stream.of(
                NftLibrary.find()
                    .map(library ->
                        Named.<Function<NetworkNamespace, Nftables>>of(
                            "library", namespace -> new LibNftables(library, namespace))),
                NftCommand.find()
                    .map(command ->
                        Named.<Function<NetworkNamespace, Nftables>>of(
                            "command", namespace -> new NftCommand(command, namespace))))
            .flatMap(java.util.Optional::stream)
            .map(Arguments::of);
    java.util.List<Arguments> found = engines.toList();
    if (found.isEmpty()) {
      System.err.println("SKIPPED, nftables: this machine has neither libnftables.so.1 nor nft");
      Assumptions.abort();
    }
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void appliesAndLists(Function<NetworkNamespace, Nftables> engine) {
    Nftables nft = closing(engine.apply(namespace()));
    String elements =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "10.0." + i / 256 + "." + i % 256 + " : " + (i + 1))
            .collect(Collectors.joining(", "));
    nft.apply(
        "table inet margay {\n map class { type ipv4_addr : mark; elements = { "
            + elements
            + " } }\n}\n");
    assertThat(nft.list("list map inet margay class", Nftables.Format.TEXT))
        .contains("10.0.0.255 : 0x00000100");
    assertThat(nft.list("list map inet margay class", Nftables.Format.JSON))
        .startsWith("{")
        .contains("[\"10.0.0.255\", 256]");
    nft.apply("delete element inet margay class { 10.0.0.255 : 256 }");
    assertThat(nft.list("list map inet margay class", Nftables.Format.TEXT))
        .doesNotContain("10.0.0.255 ");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aTransactionIsAppliedAsAWholeOrNotAtAll(Function<NetworkNamespace, Nftables> engine) {
    Nftables nft = closing(engine.apply(namespace()));
    nft.apply("add table inet margay\nadd chain inet margay kept");
    assertThatThrownBy(() ->
            nft.apply("add chain inet margay new\nadd element inet margay missing { 1.2.3.4 }"))
        .isInstanceOf(NftException.class)
        .hasMessageContaining("missing");
    // Refused by the kernel and not by the parser: the chain is referred to.
    nft.apply("add chain inet margay user\nadd rule inet margay user jump kept");
    assertThatThrownBy(() -> nft.apply("add chain inet margay new\ndelete chain inet margay kept"))
        .isInstanceOf(NftException.class)
        .hasMessageContaining("busy");
    assertThat(nft.list("list table inet margay", Nftables.Format.TEXT))
        .contains("chain kept")
        .doesNotContain("chain new");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void checkingChangesNothing(Function<NetworkNamespace, Nftables> engine) {
    Nftables nft = closing(engine.apply(namespace()));
    nft.check("add table inet margay");
    assertThat(nft.list("list tables", Nftables.Format.TEXT)).isBlank();
    assertThatThrownBy(() -> nft.check("add tabel inet margay")).isInstanceOf(NftException.class);
    nft.apply("add table inet margay");
    assertThat(nft.list("list tables", Nftables.Format.TEXT)).contains("table inet margay");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void readsJson(Function<NetworkNamespace, Nftables> engine) {
    Nftables nft = closing(engine.apply(namespace()));
    nft.apply("{\"nftables\": [{\"add\": {\"table\": {\"family\": \"inet\", \"name\": \"j\"}}}]}");
    assertThat(nft.list("list tables", Nftables.Format.JSON)).contains("\"name\": \"j\"");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void namespacesAreApart(Function<NetworkNamespace, Nftables> engine) {
    Nftables one = closing(engine.apply(namespace()));
    Nftables other = closing(engine.apply(namespace()));
    one.apply("add table inet only-here".replace("-", "_"));
    assertThat(other.list("list tables", Nftables.Format.TEXT)).isBlank();
    other.close();
    other.close();
    assertThat(one.list("list tables", Nftables.Format.TEXT)).contains("only_here");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aReportOfAHugeLineStaysReadable(Function<NetworkNamespace, Nftables> engine) {
    Nftables nft = closing(engine.apply(namespace()));
    String huge = "1.2.3.4, ".repeat(200_000);
    assertThatThrownBy(() -> nft.apply("add element inet none s { " + huge + "bad! }"))
        .isInstanceOfSatisfying(
            NftException.class, e -> assertThat(e.getMessage().length()).isLessThan(3000));
  }
}
