package io.margay.network.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.margay.kernel.conntrack.ConnectionTuple;
import io.margay.kernel.conntrack.MovableConnection;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTextTest {
  @ParameterizedTest
  @CsvSource({"6, 10.0.0.5, 10.96.0.1, 10.0.0.9", "17, fd00::5, fd00:96::1, fd00::9"})
  void whatIsWrittenIsReadAgain(int protocol, String source, String service, String backend) {
    InetAddress from = InetAddress.ofLiteral(source);
    MovableConnection connection =
        new MovableConnection(
            new ConnectionTuple(from, InetAddress.ofLiteral(service), protocol, 40000, 80),
            new ConnectionTuple(InetAddress.ofLiteral(backend), from, protocol, 8080, 40000),
            0x4000,
            0xe,
            86400,
            protocol == 6 ? new MovableConnection.Tcp(3, 7, 8, 35, 39) : null);
    String line = ConnectionText.of(connection);
    assertThat(ConnectionText.parse(line)).isEqualTo(connection);
    assertThat(ConnectionText.identity(line)).doesNotContain("86400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "6 10.0.0.5 1 10.0.0.9 80",
        "x 10.0.0.5 1 10.0.0.9 80 10.0.0.9 80 10.0.0.5 1 14 300 0",
        "6 10.0.0 1 10.0.0.9 80 10.0.0.9 80 10.0.0.5 65536 14 300 0",
        "6 host 1 10.0.0.9 80 10.0.0.9 80 10.0.0.5 1 14 300 0",
      })
  void otherTextIsRefused(String line) {
    assertThatIllegalArgumentException().isThrownBy(() -> ConnectionText.parse(line));
  }
}
