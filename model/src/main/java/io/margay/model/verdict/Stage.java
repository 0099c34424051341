package io.margay.model.verdict;

/** The points at which an endpoint's policies judge a packet. Pods know only {@link #NORMAL}. */
public enum Stage {
  /** doNotTrack policies, before connection tracking. Host endpoints only. */
  UNTRACKED,
  /** preDNAT policies, before destination NAT. Host endpoints, ingress only. */
  PRE_DNAT,
  /** Policies for traffic that ends or starts at the endpoint. */
  NORMAL,
  /** applyOnForward policies, for traffic that a host forwards. Host endpoints only. */
  FORWARD
}
