package io.margay.model.resource;

import io.margay.model.net.Cidr;
import io.margay.model.net.Cidrs;
import java.util.List;

/** Named addresses of one namespace, selected by label. */
public record NetworkSet(ObjectMeta metadata, List<Cidr> nets) implements Resource {
  public NetworkSet {
    nets = Cidrs.copyOf(nets);
  }

  @Override
  public Kind kind() {
    return Kind.NETWORK_SET;
  }
}
