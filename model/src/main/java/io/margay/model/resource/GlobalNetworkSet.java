package io.margay.model.resource;

import io.margay.model.net.Cidr;
import io.margay.model.net.Cidrs;
import java.util.List;

/** Named addresses for the whole cluster, selected by label. */
public record GlobalNetworkSet(ObjectMeta metadata, List<Cidr> nets) implements Resource {
  public GlobalNetworkSet {
    nets = Cidrs.copyOf(nets);
  }

  @Override
  public Kind kind() {
    return Kind.GLOBAL_NETWORK_SET;
  }
}
