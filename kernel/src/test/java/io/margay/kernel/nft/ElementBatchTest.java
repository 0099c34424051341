package io.margay.kernel.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.kernel.Errno;
import io.margay.kernel.InNamespaces;
import io.margay.kernel.KernelException;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ElementBatchTest extends InNamespaces {
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
    ElementBatch batch = new ElementBatch("t");
    batch.add("members", mark(7), null);
    batch.add("marks", new byte[] {10, 0, 0, 1}, mark(8));
    batch.add("names", name("eth0"), mark(9));
    batch.apply(netlink);
    assertThat(list())
        .contains("elements = { 0x00000007 }")
        .contains("10.0.0.1 : 0x00000008")
        .contains("\"eth0\" : 0x00000009");

    ElementBatch undo = new ElementBatch("t");
    undo.delete("members", mark(7));
    undo.delete("marks", new byte[] {10, 0, 0, 1});
    undo.delete("names", name("eth0"));
    undo.apply(netlink);
    assertThat(list()).doesNotContain("elements");
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
    ElementBatch referredTo = new ElementBatch("t");
    referredTo.flushChain("gone");
    referredTo.deleteChain("gone");
    assertThatThrownBy(() -> referredTo.apply(netlink))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.is(Errno.EBUSY)).isTrue());
    assertThat(list()).contains("accept");

    ElementBatch batch = new ElementBatch("t");
    batch.delete("chains", mark(7));
    batch.flushChain("gone");
    batch.deleteChain("gone");
    batch.apply(netlink);
    assertThat(list()).doesNotContain("gone").contains("0x00000008 : goto stays").contains("drop");
  }

  @Test
  void isAppliedAsAWholeOrNotAtAll() {
    ElementBatch batch = new ElementBatch("t");
    batch.add("members", mark(7), null);
    batch.add("missing", mark(9), null);
    assertThatThrownBy(() -> batch.apply(netlink))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.is(Errno.ENOENT)).isTrue());
    assertThat(list()).doesNotContain("elements");
  }
}
