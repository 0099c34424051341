package io.margay.kernel.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.kernel.Errno;
import io.margay.kernel.InNamespaces;
import io.margay.kernel.KernelException;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.Instruction.Comparison;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RulesetBatchTest extends InNamespaces {
  private Nftables nft;
  private NetlinkSocket netlink;

  @BeforeEach
  void openTable() {
    NetworkNamespace namespace = namespace();
    nft = closing(Nftables.open(namespace));
    netlink = closing(NetlinkSocket.open(namespace, NetlinkSocket.Family.NETFILTER));
    nft.apply(
        """
        table inet t {
          set members { type mark; }
          map marks { type ipv4_addr : mark; }
          map names { type ifname : mark; }
        }
        """);
  }

  private static byte[] mark(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  private static byte[] name(String text) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 16);
  }

  private String list() {
    return nft.list("list table inet t", Nftables.Format.TEXT);
  }

  @Test
  void addsAndDeletesEveryKindOfElement() {
    RulesetBatch batch = new RulesetBatch("t");
    batch.add("members", mark(7), null);
    batch.add("marks", new byte[] {10, 0, 0, 1}, mark(8));
    batch.add("names", name("eth0"), mark(9));
    batch.apply(netlink);
    assertThat(list())
        .contains("elements = { 0x00000007 }")
        .contains("10.0.0.1 : 0x00000008")
        .contains("\"eth0\" : 0x00000009");

    RulesetBatch undo = new RulesetBatch("t");
    undo.delete("members", mark(7));
    undo.delete("marks", new byte[] {10, 0, 0, 1});
    undo.delete("names", name("eth0"));
    undo.apply(netlink);
    assertThat(list()).doesNotContain("elements");
  }

  @Test
  void addsAChainThatReadsAsIfNftHadWrittenIt() {
    nft.apply(
        """
        table inet t {
          map chains { type mark : verdict; }
          chain written {
            meta l4proto 6 th dport 80 meta mark set 5 return comment "one"
            meta l4proto 17 th sport 10-20 th dport 80-65535 meta mark set 0xfffffffa return
            meta l4proto 1 @th,0,16 2048 meta mark set 6 return
            meta mark set 9 comment "last"
          }
        }
        """);
    RulesetBatch batch = new RulesetBatch("t");
    batch.addChain("sent");
    batch.addRule(
        "sent",
        List.of(
            new Instruction.LoadProtocol(),
            new Instruction.Compare(Comparison.EQUAL, 6, 1),
            new Instruction.LoadTransport(2),
            new Instruction.Compare(Comparison.EQUAL, 80, 2),
            new Instruction.SetMark(5),
            new Instruction.Return()),
        "one");
    batch.addRule(
        "sent",
        List.of(
            new Instruction.LoadProtocol(),
            new Instruction.Compare(Comparison.EQUAL, 17, 1),
            new Instruction.LoadTransport(0),
            new Instruction.Compare(Comparison.AT_LEAST, 10, 2),
            new Instruction.Compare(Comparison.AT_MOST, 20, 2),
            new Instruction.LoadTransport(2),
            new Instruction.Compare(Comparison.AT_LEAST, 80, 2),
            new Instruction.Compare(Comparison.AT_MOST, 65_535, 2),
            new Instruction.SetMark(0xfffffffa),
            new Instruction.Return()),
        "");
    batch.addRule(
        "sent",
        List.of(
            new Instruction.LoadProtocol(),
            new Instruction.Compare(Comparison.EQUAL, 1, 1),
            new Instruction.LoadTransport(0),
            new Instruction.Compare(Comparison.EQUAL, 2048, 2),
            new Instruction.SetMark(6),
            new Instruction.Return()),
        "");
    batch.addRule("sent", List.of(new Instruction.SetMark(9)), "last");
    batch.addGoto("chains", mark(7), "sent");
    batch.apply(netlink);

    assertThat(rules("sent").replace(" comment \"\"", ""))
        .contains("comment \"one\"")
        .isEqualTo(rules("written"));
    assertThat(list()).contains("0x00000007 : goto sent");
  }

  private String rules(String chain) {
    String listed = nft.list("list chain inet t " + chain, Nftables.Format.TEXT);
    return listed.substring(listed.indexOf("chain " + chain) + 6 + chain.length());
  }

  @Test
  void deletesAChainWithItsRulesOnceNoElementLeadsThere() {
    nft.apply(
        """
        table inet t {
          chain gone { counter accept; }
          chain stays { counter drop; }
          map chains { type mark : verdict; elements = { 7 : goto gone, 8 : goto stays }; }
        }
        """);
    RulesetBatch referredTo = new RulesetBatch("t");
    referredTo.flushChain("gone");
    referredTo.deleteChain("gone");
    assertThatThrownBy(() -> referredTo.apply(netlink))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.is(Errno.EBUSY)).isTrue());
    assertThat(list()).contains("accept");

    RulesetBatch batch = new RulesetBatch("t");
    batch.delete("chains", mark(7));
    batch.flushChain("gone");
    batch.deleteChain("gone");
    batch.apply(netlink);
    assertThat(list()).doesNotContain("gone").contains("0x00000008 : goto stays").contains("drop");
  }

  @Test
  void readsElementsOfOneSet() {
    nft.apply(
        """
        table inet t {
          chain there { accept; }
          set counted { type mark; counter; elements = { 7 counter packets 12 bytes 900 } }
          map chains { type mark : verdict; elements = { 8 : goto there } }
          map ranges { type inet_service : mark; flags interval; elements = { 80-90 : 3 } }
        }
        """);
    SetElement counted = SetElement.list(netlink, "t", "counted").getFirst();
    assertThat(counted.key()).isEqualTo(mark(7));
    assertThat(counted.packets()).isEqualTo(12);
    SetElement jump = SetElement.list(netlink, "t", "chains").getFirst();
    assertThat(jump.key()).isEqualTo(mark(8));
    assertThat(jump.chain()).isEqualTo("there");
    assertThat(SetElement.list(netlink, "t", "ranges"))
        .anySatisfy(element -> {
          assertThat(element.key()).isEqualTo(new byte[] {0, 80});
          assertThat(element.value()).isEqualTo(mark(3));
          assertThat(element.intervalEnd()).isFalse();
        })
        .anySatisfy(element -> {
          assertThat(element.key()).isEqualTo(new byte[] {0, 91});
          assertThat(element.intervalEnd()).isTrue();
        });
    assertThatThrownBy(() -> SetElement.list(netlink, "t", "missing"))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.is(Errno.ENOENT)).isTrue());
  }

  @Test
  void readsAllElementsOfALargeSet() {
    int many = 5_000;
    StringBuilder elements = new StringBuilder("1");
    for (int i = 2; i <= many; i++) {
      elements.append(", ").append(i);
    }
    nft.apply("add element inet t members { " + elements + " }");
    assertThat(SetElement.list(netlink, "t", "members")).hasSize(many);
  }

  @Test
  void isAppliedAsAWholeOrNotAtAll() {
    RulesetBatch batch = new RulesetBatch("t");
    batch.add("members", mark(7), null);
    batch.add("missing", mark(9), null);
    assertThatThrownBy(() -> batch.apply(netlink))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.is(Errno.ENOENT)).isTrue());
    assertThat(list()).doesNotContain("elements");
  }
}
