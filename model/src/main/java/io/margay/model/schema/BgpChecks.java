package io.margay.model.schema;

import java.util.List;

/** What must hold between the fields of objects about BGP. */
final class BgpChecks {
  private BgpChecks() {}

  static void peer(Place spec) {
    if (spec.at("node").given() && spec.at("nodeSelector").given()) {
      spec.at("nodeSelector").problem("together with node", "remove one of the two");
    }
    Place address = spec.at("peerIP");
    Place selector = spec.at("peerSelector");
    if (selector.given() && (address.given() || spec.at("asNumber").given())) {
      selector.problem("together with peerIP or asNumber", "remove it, or these");
    } else if (address.given() && !spec.at("asNumber").given()) {
      address.problem("without asNumber", "write the peer's asNumber");
    } else if (!address.given() && !selector.given()) {
      address.problem("missing", "write peerIP and asNumber, or peerSelector");
    }
  }

  static void filter(Place spec) {
    for (String list : List.of("exportV4", "importV4", "exportV6", "importV6")) {
      spec.at(list).items().forEach(BgpChecks::rule);
    }
  }

  private static void rule(Place rule) {
    if (rule.at("cidr").given() != rule.at("matchOperator").given()) {
      rule.problemOfWhole("cidr and matchOperator need each other", "write both or none");
    }
    if (rule.at("prefixLength").given() && !rule.at("cidr").given()) {
      rule.at("prefixLength").problem("without cidr", "write the cidr");
    }
    if (rule.at("operations").given() && !rule.at("action").text().equals("Accept")) {
      rule.at("operations").problem("only with action Accept", "remove them");
    }
  }
}
