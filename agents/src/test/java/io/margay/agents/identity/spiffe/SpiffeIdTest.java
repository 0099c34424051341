package io.margay.agents.identity.spiffe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.identity.token.RefusedTokenException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, as SPIFFE's standard spells them. */
class SpiffeIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://shop.example",
        "spiffe://shop.example/a",
        "spiffe://shop_1.ex-ample/ns/prod/sa/A.b_c-d",
        "spiffe://1.2.3.4/service",
        "spiffe://shop.example/..."
      })
  void goodIdsAreKeptAsTheyAre(String text) throws RefusedTokenException {
    assertThat(SpiffeId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "spiffe:",
        "spiffe://",
        "spiffe:///path",
        "SPIFFE://shop.example/a",
        "http://shop.example/a",
        "spiffe://Shop.example/a",
        "spiffe://shop.example:8080/a",
        "spiffe://user@shop.example/a",
        "spiffe://shop.example/",
        "spiffe://shop.example/a/",
        "spiffe://shop.example//a",
        "spiffe://shop.example/a/./b",
        "spiffe://shop.example/../b",
        "spiffe://shop.example/a%20b",
        "spiffe://shop.example/a?x=1",
        "spiffe://shop.example/a#x",
        "spiffe://shop.example/ä",
        "spiffe://shöp.example/a",
        "spiffe://shop.example/a\n",
        " spiffe://shop.example/a"
      })
  void othersAreRefused(String text) {
    assertThatThrownBy(() -> SpiffeId.parse(text))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageStartingWith("SPIFFE id: ");
  }

  @Test
  void theLongestIsOf2048Bytes() throws RefusedTokenException {
    String start = "spiffe://shop.example/";
    String longest = start + "a".repeat(2048 - start.length());
    assertThat(SpiffeId.parse(longest)).hasToString(longest);
    assertThatThrownBy(() -> SpiffeId.parse(longest + "a"))
        .hasMessage("SPIFFE id: longer than 2048 bytes");
    assertThatThrownBy(() -> SpiffeId.parse("spiffe://" + "a".repeat(256) + "/b"))
        .hasMessage("SPIFFE id: the trust domain is longer than 255 characters");
  }
}
