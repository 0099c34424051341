package io.margay.network.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnouncementTest {
  private static final String MACS = "ffffffffffff" + "525400000001";

  @ParameterizedTest
  @CsvSource({
    "true,  8035, 0001 0800 0604 0003, 525400000001 00000000 525400000001 00000000",
    "true,  0806, 0001 0800 0604 0001, 525400000001 0a000005 000000000000 0a000005",
    "true,  0806, 0001 0800 0604 0002, 525400000001 0a000005 ffffffffffff 0a000005",
    // A question for somebody else's address, and a probe without a sender.
    "false, 0806, 0001 0800 0604 0001, 525400000001 0a000005 000000000000 0a000001",
    "false, 0806, 0001 0800 0604 0001, 525400000001 00000000 000000000000 0a000005",
    // Another hardware type, and IPv4.
    "false, 0806, 0006 0800 0604 0001, 525400000001 0a000005 000000000000 0a000005",
    "false, 0800, 4500 0800 0604 0001, 525400000001 0a000005 000000000000 0a000005",
  })
  void framesThatAnnounceAMachine(boolean expected, String type, String head, String rest) {
    byte[] frame = HexFormat.of().parseHex((MACS + type + head + rest).replace(" ", ""));
    assertThat(Announcement.isIn(frame)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0", "13", "41"})
  void shortFramesAnnounceNothing(int length) {
    byte[] frame = new byte[length];
    if (length > 14) {
      frame[12] = (byte) 0x80;
      frame[13] = 0x35;
    }
    assertThat(Announcement.isIn(frame)).isFalse();
  }
}
