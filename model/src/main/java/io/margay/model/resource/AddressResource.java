package io.margay.model.resource;

/**
 * A resource that says which addresses there are, who has them and who is told of them: all of them
 * are cluster-wide. No verdict depends on one.
 */
public sealed interface AddressResource extends Resource
    permits IpPool,
        IpReservation,
        IpamConfiguration,
        BlockAffinity,
        IpamBlock,
        IpamHandle,
        BgpConfiguration,
        BgpPeer,
        BgpFilter {}
