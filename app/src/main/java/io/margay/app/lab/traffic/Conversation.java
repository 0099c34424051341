package io.margay.app.lab.traffic;

import io.margay.app.lab.application.Call;
import io.margay.app.lab.cluster.LabPod;
import io.margay.app.lab.cluster.LabService.Backend;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pod that calls one service.
 *
 * @param serviceAddress null for a headless service, whose pods are called directly
 * @param backends where a connection can end; never empty
 */
public record Conversation(
    LabPod from, Call call, @Nullable IpAddress serviceAddress, List<Backend> backends) {
  public Conversation {
    backends = List.copyOf(backends);
  }

  public Protocol protocol() {
    return call.protocol();
  }
}
