package io.margay.network.cni;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.ResourceKey;
import java.time.Duration;
import java.util.List;

/**
 * What enforces policy on the node, as the plugin needs it. It learns of a pod's addresses from
 * here, for the API has them only after the pod was attached.
 */
public interface PolicyGate {
  /** For nodes on which nothing enforces: nothing is waited for. */
  PolicyGate OPEN =
      new PolicyGate() {
        @Override
        public boolean attached(
            ResourceKey pod, String container, List<IpAddress> addresses, Duration patience) {
          return true;
        }

        @Override
        public void detached(String container) {}
      };

  /**
   * A pod has its interface and these addresses now. Waits until its policy is in force for them.
   *
   * @param container by which it can be detached
   * @return whether that was within {@code patience}
   */
  boolean attached(ResourceKey pod, String container, List<IpAddress> addresses, Duration patience)
      throws InterruptedException;

  /** A container has its interface no more. One that is not known is none's. */
  void detached(String container);
}
