"""Threads that run the parts of a network: as many as get on fastest, and the same numbers whoever runs them."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.network.small import ensheathed
from tripartite.interpret.kernels import cores
from tripartite.network.run import crew
from tripartite.network.run.crew import Crew


class Machine:
    """A clock, and steps that take a time which depends on how many threads run them."""

    def __init__(self, monkeypatch, alone, together, share):
        self.now, self.ran, self.alone, self.together, self.share = 0.0, 0.0, alone, together, share
        self.sizes: list[int] = []
        monkeypatch.setattr(crew.time, "perf_counter", lambda: self.now)
        monkeypatch.setattr(crew.time, "thread_time", lambda: self.ran)
        monkeypatch.setattr(cores, "COUNT", 2)
        monkeypatch.setattr(Crew, "_threads", lambda crew: self)

    def map(self, work, shares):
        """A pool whose threads run at one time."""
        began, found = self.now, []
        for share in shares:
            self.now = began
            found.append(work(share))
        return found

    def go(self, mine, beyond, size, steps):
        lasted = steps * (self.alone if size == 1 else self.together)
        self.now += lasted
        self.ran += lasted * (self.share if size > 1 else 1.0)
        self.sizes += [size] * steps
        return steps


def on(machine, steps=400_000):
    found, done = Crew(4), 0
    while done < steps:
        done += found.run(steps - done, machine.go)
    assert done == steps
    late = machine.sizes[len(machine.sizes) // 2 :]
    return found, np.mean([size == 1 for size in late])


def test_threads_that_have_the_cores_to_themselves_stay_together(monkeypatch):
    machine = Machine(monkeypatch, alone=1e-4, together=0.6e-4, share=1.0)
    assert on(machine)[1] == 0.0
    assert machine.sizes.count(1) == 0


def test_threads_that_wait_for_each_other_leave_the_work_to_one(monkeypatch):
    found, alone = on(Machine(monkeypatch, alone=1e-4, together=1.6e-4, share=0.5))
    assert found.size == 1 and alone > 0.9


def test_threads_that_wait_and_are_faster_all_the_same_are_seldom_doubted(monkeypatch):
    found, alone = on(Machine(monkeypatch, alone=1e-4, together=0.7e-4, share=0.5))
    assert found.size == 2 and alone < 0.1


def test_threads_come_together_again_when_the_cores_are_free(monkeypatch):
    machine = Machine(monkeypatch, alone=1e-4, together=1.6e-4, share=0.5)
    found, _ = on(machine, 100_000)
    assert found.size == 1
    machine.together, machine.share = 0.6e-4, 1.0
    done = 0
    while done < 400_000:
        done += found.run(400_000 - done, machine.go)
    assert found.size == 2


def test_a_list_that_is_full_ends_a_turn(monkeypatch):
    machine = Machine(monkeypatch, alone=1e-4, together=0.6e-4, share=1.0)
    found = Crew(2)
    assert found.run(1000, lambda mine, beyond, size, steps: 7) == 7
    assert found.run(1000, lambda mine, beyond, size, steps: 0) == 0
    assert found.run(1000, machine.go) > 0


@pytest.mark.parametrize(("parts", "size"), [(1, 1), (2, 1), (3, 2), (5, 3), (16, 16)])
def test_every_part_has_one_thread(parts, size):
    shares = Crew(parts).shares(size)
    assert len(shares) == size and all(mine < beyond for mine, beyond in shares)
    assert [part for share in shares for part in range(*share)] == list(range(parts))


def test_a_network_is_the_same_to_the_bit_however_its_crew_changes(monkeypatch):
    network = ensheathed(neurons=1100)
    whole = network.start(threads=1, seed=2)
    whole.advance(600)
    monkeypatch.setattr(cores, "COUNT", 3)
    sizes = itertools.cycle([1, 3, 2, 1, 2, 3])
    monkeypatch.setattr(Crew, "_trial", lambda self: next(sizes))
    monkeypatch.setattr(Crew, "_affordable", lambda self, size, length: 37)
    parted = network.start(threads=3, seed=2)
    parted.advance(600)
    assert parted.now == whole.now == 600
    for name in whole.layout.memory.changing:
        if not name.endswith(("_ring", "_counts")):
            np.testing.assert_array_equal(parted[name], whole[name], err_msg=name)
    for first, second in zip(whole.take_spikes("neurons_spikes0"), parted.take_spikes("neurons_spikes0"), strict=True):
        assert len(first) > 100
        np.testing.assert_array_equal(first, second)


def test_two_networks_run_at_one_time(monkeypatch):
    monkeypatch.setattr(cores, "COUNT", 2)
    network = ensheathed()
    running = [network.start(threads=2, seed=1).branch() for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda found: found.advance(200), running, timeout=600)) == [200, 200]
    np.testing.assert_array_equal(*(found["neurons_neuron_v"] for found in running))
