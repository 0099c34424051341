package io.margay.kernel.nft;

import io.margay.kernel.netns.NetworkNamespace;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The nftables of one namespace. Usable from any thread, one call at a time. Interface names in
 * commands should be matched with {@code iifname} and {@code oifname}: {@code iif} and {@code oif}
 * are resolved once and kept.
 */
public sealed interface Nftables extends AutoCloseable permits LibNftables, NftCommand {
  /** How a listing is written. Numbers stand for protocols and priorities in both. */
  enum Format {
    TEXT,
    /** As libnftables-json(5) has it. */
    JSON,
    /** The same without the elements of named sets, which are not even read. */
    TERSE_JSON
  }

  /**
   * Opens nftables with libnftables where the machine has it, else with the {@code nft} command,
   * which costs a process for each call.
   *
   * @throws NftException when the machine has neither
   */
  static Nftables open(NetworkNamespace namespace) {
    Optional<NftLibrary> library = NftLibrary.find();
    if (library.isPresent()) {
      return new LibNftables(library.get(), namespace);
    }
    Path command =
        NftCommand.find()
            .orElseThrow(() ->
                new NftException(
                    "this machine has neither libnftables.so.1 nor nft: install the package"
                        + " nftables"));
    return new NftCommand(command, namespace);
  }

  /**
   * Applies commands as one transaction: all of them or none.
   *
   * @param commands as nft(8) reads them from a file, or JSON
   * @throws NftException with nft's own words when one is refused
   */
  void apply(String commands);

  /**
   * Says whether {@link #apply} would succeed, and changes nothing.
   *
   * @throws NftException when it would not
   */
  void check(String commands);

  /**
   * Runs a command that lists something.
   *
   * @param command such as {@code list table inet margay}
   */
  String list(String command, Format format);

  /** What does the work, for {@code doctor} and logs. */
  String engine();

  @Override
  void close();
}
