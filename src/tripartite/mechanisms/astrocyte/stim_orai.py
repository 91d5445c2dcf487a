"""Store-operated entry from the sensor in the empty store to the channel in the plasma membrane."""

from tripartite.language import Input, Mechanism, Parameter, State, hill, where

_SOURCE = "chen2008, BioModels 202"


class StimOrai(Mechanism):
    r"""STIM senses an empty store, gathers at the plasma membrane and opens Orai channels.

    STIM pairs up while the ER is empty (S2, at equilibrium), pairs become active at the junction
    (``stim_active``), and active pairs open closed Orai channels, which assemble from subunits. Larger gatherings
    of STIM are counted as well (``stim_oligomers``); nothing reads them.

    **Sources** chen2008, as coded in BioModels 202 with its names repaired.
    **Holds for** concentrations per cytosol volume; the channel's inactivation by calcium is left out.
    **Pitfalls** Of the starts, only that of ``stim_active`` is published; the others are zero by choice. With the
    published constants half of the channels open within half a second of an emptied store, where cells take
    seconds to minutes: slow the constants, or take `SlowStoreOperatedEntry`. Below zero free subunits, where only a
    step of a solver can lead, no channel assembles.
    """

    stim_active = State(0.06, "uM", "S2a: active pairs of STIM at the junction", low=0)
    stim_oligomers = State(0.0, "uM", "S4: larger gatherings of STIM", low=0)
    orai_closed = State(0.0, "uM", "Oc: closed channels", low=0)
    orai_open = State(0.0, "uM", "Oo: open channels", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")
    ca_er = Input("uM", "C_ER: free calcium in the ER")
    ca_total = Input("uM", "calcium of cytosol and ER per cytosol volume")

    stim_total = Parameter(0.6, "uM", "St: pairs of STIM", _SOURCE, low=0)
    k_stim = Parameter(5.0, "uM", "K1: calcium of the ER at which half of STIM is paired", _SOURCE, low=1e-3)
    stim_on = Parameter(4.0, "1/s", "k_a: rate at which pairs become active", _SOURCE, low=0)
    stim_off = Parameter(6.0, "1/s", "k_i: rate at which active pairs are lost", _SOURCE, low=0)
    gathering = Parameter(0.25, "uM/s", "Vs4: largest rate of gathering", _SOURCE, low=0)
    k_gathering = Parameter(0.14, "uM", "K2: pairs for half of it", _SOURCE, low=1e-6)
    scattering = Parameter(0.8, "1/s", "kd_oligo: rate at which gatherings fall apart", _SOURCE, low=0)
    orai_total = Parameter(0.001, "uM", "Orai_t: subunits of Orai", _SOURCE, low=0)
    subunits = Parameter(4.0, "1", "r: subunits of a channel", _SOURCE, low=1)
    assembly = Parameter(1.8e-4, "uM/s", "Vcp: largest rate of assembly of channels", _SOURCE, low=0)
    k_assembly = Parameter(2e-5, "uM", "Kc: free subunits for half of it", _SOURCE, low=1e-9)
    orai_on = Parameter(0.5, "1/s", "kop: largest rate of opening", _SOURCE, low=0)
    k_orai = Parameter(0.2, "uM", "Ko: active pairs of STIM for half of it", _SOURCE, low=1e-6)
    orai_off = Parameter(1.0, "1/s", "kod: rate of closing", _SOURCE, low=0)
    loss_closed = Parameter(0.5, "1/s", "kdc: rate at which closed channels fall apart", _SOURCE, low=0)
    loss_open = Parameter(0.6, "1/s", "kdo: rate at which open channels fall apart", _SOURCE, low=0)
    entry = Parameter(2.3, "1/uM/s", "k_soc: influx per open channel and gradient", _SOURCE, low=0)
    ca_out = Parameter(1500.0, "uM", "Ca_ec: calcium outside the cell", _SOURCE, low=0)

    def rates(q):
        paired = (1 - hill(q.ca_er, q.k_stim, 2)) * (q.stim_total - q.stim_active)
        free = q.orai_total - q.subunits * (q.orai_closed + q.orai_open)
        assembling = q.assembly * hill(where(free > 0 * free, free, 0 * free), q.k_assembly, 3)
        opening = q.orai_on * hill(q.stim_active, q.k_orai) * q.orai_closed
        enters = q.entry * q.orai_open * (q.ca_out - q.ca)

        return {
            "stim_active": q.stim_on * paired - q.stim_off * q.stim_active,
            "stim_oligomers": q.gathering * hill(paired, q.k_gathering, 2) - q.scattering * q.stim_oligomers,
            "orai_closed": assembling + q.orai_off * q.orai_open - q.loss_closed * q.orai_closed - opening,
            "orai_open": opening - (q.orai_off + q.loss_open) * q.orai_open,
            "ca": enters,
            "ca_total": enters,
        }
