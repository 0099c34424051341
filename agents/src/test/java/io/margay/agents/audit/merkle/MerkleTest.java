package io.margay.agents.audit.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trees and proofs. The values were computed from RFC 6962's recursive definitions with Python's
 * hashlib; the leaves are those that certificate transparency's own tests use.
 */
class MerkleTest {
  private static final List<Hash> LEAVES =
      List.of(
              "",
              "00",
              "10",
              "2021",
              "3031",
              "40414243",
              "5051525354555657",
              "606162636465666768696a6b6c6d6e6f")
          .stream()
          .map(hex -> Hash.ofLeaf(HexFormat.of().parseHex(hex)))
          .toList();

  @ParameterizedTest
  @CsvSource({
    "0, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  })
  void roots(int size, String root) {
    assertThat(frontier(LEAVES.subList(0, size)).root().hex()).isEqualTo(root);
    assertThat(Proofs.root(nodes(LEAVES), size).hex()).isEqualTo(root);
  }

  @Test
  void proofs() {
    assertThat(Proofs.inclusion(nodes(LEAVES), 5, 8))
        .extracting(Hash::hex)
        .containsExactly(
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    assertThat(Proofs.inclusion(nodes(LEAVES), 2, 3))
        .extracting(Hash::hex)
        .containsExactly("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    assertThat(Proofs.consistency(nodes(LEAVES), 6, 8))
        .extracting(Hash::hex)
        .containsExactly(
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    assertThat(Proofs.consistency(nodes(LEAVES), 2, 5))
        .extracting(Hash::hex)
        .containsExactly(
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
  }

  @Test
  void proofsOfManySizesHoldForTheirOwnTreeOnly() {
    List<Hash> leaves = leaves(300);
    Nodes nodes = nodes(leaves);
    Random random = new Random(6962);
    for (int round = 0; round < 2_000; round++) {
      int size = 1 + random.nextInt(leaves.size());
      int index = random.nextInt(size);
      int old = random.nextInt(size + 1);
      Hash root = Proofs.root(nodes, size);
      Hash oldRoot = Proofs.root(nodes, old);
      List<Hash> inclusion = Proofs.inclusion(nodes, index, size);
      List<Hash> consistency = Proofs.consistency(nodes, old, size);
      String what = "leaf " + index + ", old " + old + ", size " + size;

      assertThat(Proofs.isIncluded(leaves.get(index), index, size, root, inclusion))
          .as(what)
          .isTrue();
      assertThat(Proofs.isConsistent(old, oldRoot, size, root, consistency)).as(what).isTrue();

      Hash other = Hash.of(new byte[] {(byte) round});
      assertThat(Proofs.isIncluded(other, index, size, root, inclusion)).as(what).isFalse();
      assertThat(Proofs.isIncluded(leaves.get(index), index, size, other, inclusion)).isFalse();
      assertThat(Proofs.isConsistent(old, other, size, root, consistency)).as(what).isFalse();
      assertThat(Proofs.isConsistent(old, oldRoot, size, other, consistency))
          .as(what)
          // Every tree begins with nothing, so from nothing nothing can be wrong.
          .isEqualTo(old == 0);
      for (List<Hash> changed : changes(inclusion, other, random)) {
        assertThat(Proofs.isIncluded(leaves.get(index), index, size, root, changed))
            .as(what)
            .isFalse();
      }
      for (List<Hash> changed : changes(consistency, other, random)) {
        assertThat(Proofs.isConsistent(old, oldRoot, size, root, changed)).as(what).isFalse();
      }
    }
  }

  /** A proof with one hash more, one less, one other. */
  private static List<List<Hash>> changes(List<Hash> proof, Hash other, Random random) {
    List<List<Hash>> changes = new ArrayList<>();
    List<Hash> longer = new ArrayList<>(proof);
    longer.add(other);
    changes.add(longer);
    if (!proof.isEmpty()) {
      changes.add(proof.subList(0, proof.size() - 1));
      List<Hash> changed = new ArrayList<>(proof);
      changed.set(random.nextInt(proof.size()), other);
      changes.add(changed);
    }
    return changes;
  }

  @Test
  void aFrontierGoesOnWhereItWasSaved() {
    List<Hash> leaves = leaves(70);
    for (int size = 0; size < leaves.size(); size++) {
      Frontier saved = frontier(leaves.subList(0, size));
      Frontier goesOn = new Frontier(size, saved.subtrees());
      assertThat(Frontier.of(nodes(leaves), size).subtrees()).isEqualTo(saved.subtrees());
      leaves.subList(size, leaves.size()).forEach(goesOn::add);
      assertThat(goesOn.root()).isEqualTo(Proofs.root(nodes(leaves), leaves.size()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 256, tile/0/000",
    "0, 1234067, 256, tile/0/x001/x234/067",
    "1, 999, 8, tile/1/999.p/8",
    "5, 1000, 255, tile/5/x001/000.p/255",
    "-1, 273, 1, tile/entries/273.p/1",
  })
  void tilePaths(int level, long index, int width, String path) {
    Tile tile = new Tile(level, index, width);
    assertThat(tile.path()).isEqualTo(path);
    assertThat(Tile.parse(path)).contains(tile);
  }

  @ParameterizedTest
  @CsvSource({
    "tile/6/000",
    "tile/00/000",
    "tile/0/0",
    "tile/0/x000/001",
    "tile/0/001/x002",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/257",
    "tile/0/../checkpoint",
    "checkpoint",
  })
  void otherPathsAreNoTiles(String path) {
    assertThat(Tile.parse(path)).isEmpty();
  }

  private static List<Hash> leaves(int count) {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(Hash.ofLeaf(Integer.toString(i).getBytes(StandardCharsets.UTF_8)));
    }
    return leaves;
  }

  private static Frontier frontier(List<Hash> leaves) {
    Frontier frontier = new Frontier();
    leaves.forEach(frontier::add);
    return frontier;
  }

  /** A tree that computes each node from its leaves. */
  private static Nodes nodes(List<Hash> leaves) {
    return new Nodes() {
      @Override
      public Hash node(int height, long index) {
        return height == 0
            ? leaves.get((int) index)
            : Hash.ofNode(node(height - 1, 2 * index), node(height - 1, 2 * index + 1));
      }
    };
  }

  @Test
  void thereIsNoProofForWhatIsNotThere() {
    assertThatThrownBy(() -> Proofs.inclusion(nodes(LEAVES), 8, 8))
        .hasMessage("no leaf 8 in a tree of 8");
    assertThat(Proofs.isIncluded(LEAVES.getFirst(), 0, 0, Hash.EMPTY, List.of())).isFalse();
    assertThat(Proofs.isConsistent(9, Hash.EMPTY, 8, Hash.EMPTY, List.of())).isFalse();
  }
}
