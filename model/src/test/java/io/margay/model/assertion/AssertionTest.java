package io.margay.model.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.model.assertion.Assertion.Claim;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssertionTest {
  @Test
  void sidesMayBeListsAndSelectorsMayHoldAnyMark() {
    Assertion assertion =
        Assertion.parse(
            "only {app in {\"a\", \"b\"}, fd00::/8, namespace(env == 'a -> b : c') && has(x),"
                + " outside} -> any : tcp/80, udp/53-54, icmp");
    assertThat(assertion.claim()).isEqualTo(Claim.ONLY);
    assertThat(assertion.from())
        .extracting(Object::toString)
        .containsExactly(
            "app in {\"a\", \"b\"}",
            "fd00::/8",
            "namespace(env == 'a -> b : c') && has(x)",
            "outside");
    assertThat(assertion.to()).containsExactly(new Peers.Anybody());
    assertThat(assertion.traffic().parts())
        .containsExactly(
            new Traffic.Part(Protocol.TCP, PortRange.of(80)),
            new Traffic.Part(Protocol.UDP, new PortRange(53, 54)),
            new Traffic.Part(Protocol.ICMP, PortRange.ALL));
  }

  @Test
  void nobodyAtAllCanBeMeant() {
    assertThat(Assertion.parse("only {} -> app == 'x'").from()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "perhaps a == 'b' -> any | \"perhaps\" is no claim",
        "never a == 'b' | there is no \"->\"",
        "never a == 'b' -> | one side is empty",
        "never {a == 'b' -> any | there is no \"->\"",
        "never {any, } -> {any | lacks its closing brace",
        "never a = 'b' -> any | a = 'b'",
        "never 10.0.0.1/8 -> any | write 10.0.0.0/8",
        "never any -> any : tcp/http | write tcp/8080",
        "never any -> any : tcp/90-80 | write tcp/8080",
        "never any -> any : icmp/8 | ICMP has no ports",
        "never any -> any : tpc | is not a protocol",
        "never namespace(a == 'b') has(c) -> any | cannot follow namespace"
      })
  void whatIsWrongIsSaid(String text, String message) {
    assertThatThrownBy(() -> Assertion.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
