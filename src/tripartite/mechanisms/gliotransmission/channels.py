"""Gliotransmitter that leaves through channels instead of vesicles."""

from tripartite.language import Input, Mechanism, Parameter, State, hill

_USER = "assumed: no measurement settles it"


class ChannelRelease(Mechanism):
    r"""Glutamate leaving an astrocyte through channels that calcium opens, down its gradient.

    It stands for bestrophin-1. It adds to ``gliotransmitter``: wire that of the space around the synapse into the
    astrocyte. Nothing is depleted, and nothing is emitted.

    **Sources** form: diffusion through a pore whose open probability relaxes; every value is assumed.
    **Holds for** a store inside that is large beside what leaves; a pore without rectification.
    **Pitfalls** The numbers only set a scale: beside `Gliotransmitter`, some 30 nM at rest and 16 µM at 1 µM calcium.
    """

    channel_open = State(0.0, "1", "p_o: open fraction of the channels", low=0, high=1)
    gliotransmitter = Input("uM", "G_out: gliotransmitter around the synapse")
    ca = Input("uM", "C: free calcium in the cytosol")

    permeability = Parameter(0.2, "1/s", "P: exchange with all open, per volume outside", _USER, low=0)
    inside = Parameter(5.0, "mM", "G_in: gliotransmitter in the cytosol", _USER, low=0)
    k_channel = Parameter(0.5, "uM", "K_ch: calcium that opens half the channels", _USER, low=1e-6)
    cooperation = Parameter(4.0, "1", "n: Hill exponent of calcium", _USER, low=0)
    gating = Parameter(100.0, "ms", "tau_ch: time constant of opening and closing", _USER, low=1e-3)

    def rates(q):
        opens = hill(q.ca, q.k_channel, q.cooperation)

        return {
            "channel_open": (opens - q.channel_open) / q.gating,
            "gliotransmitter": q.permeability * q.channel_open * (q.inside - q.gliotransmitter),
        }


class HemichannelRelease(Mechanism):
    r"""ATP leaving an astrocyte through hemichannels, which open when calcium outside is low.

    It adds to ``atp``: wire that of the space outside into the astrocyte. Nothing is depleted.

    **Sources** form: diffusion through a pore whose open probability relaxes; every value is assumed.
    **Holds for** a store inside that is large beside what leaves; a pore without rectification.
    **Pitfalls** ``ca_out`` is calcium outside, in mM: it closes the pores. Voltage and pH are left out.
    """

    hemichannel_open = State(0.0, "1", "p_o: open fraction of the hemichannels", low=0, high=1)
    atp = Input("uM", "ATP: extracellular ATP")

    ca_out = Parameter(1.8, "mM", "Ca_o: calcium outside", "assumed: as in artificial fluid", low=0)
    hemichannel_permeability = Parameter(
        5e-5, "1/s", "P: exchange with all open, per volume outside", _USER, low=0, target="connexin"
    )
    atp_inside = Parameter(3.0, "mM", "ATP in the cytosol", _USER, low=0)
    k_hemichannel = Parameter(0.5, "mM", "K_ch: calcium outside that closes half of them", _USER, low=1e-6)
    hemichannel_cooperation = Parameter(3.0, "1", "n: Hill exponent of calcium outside", _USER, low=0)
    hemichannel_gating = Parameter(1.0, "s", "tau_ch: time constant of opening and closing", _USER, low=1e-3)

    def rates(q):
        opens = 1 - hill(q.ca_out, q.k_hemichannel, q.hemichannel_cooperation)

        return {
            "hemichannel_open": (opens - q.hemichannel_open) / q.hemichannel_gating,
            "atp": q.hemichannel_permeability * q.hemichannel_open * (q.atp_inside - q.atp),
        }
