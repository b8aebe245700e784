"""A client under test, here Aravis's own: what it does about lost packets, a late acknowledge and a pulled cable.

    apt-get install python3-pytest aravis-tools-cli
    cd examples/python && /usr/bin/python3 -m pytest -p gigemu
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from gigemu import Gigemu, NotSeen, Refused, ScenarioResult, wait_until

SMALL = {"Width": 528, "Height": 256, "ExposureAuto": "Off", "GainAuto": "Off", "ExposureTime": 1000}


def arv_tool(camera: Gigemu, *command: str) -> str:
    return subprocess.run(
        ["arv-tool-0.8", "-a", camera.address, *command], capture_output=True, text=True, timeout=30
    ).stdout


@pytest.mark.gigemu(scene="flat_field", features=SMALL)
def test_a_write_is_in_the_journal(gigemu: Gigemu) -> None:
    arv_tool(gigemu, "control", "ExposureTime=5000")
    (entry,) = gigemu.journal.wait_for(command="WRITEMEM_CMD", feature="ExposureTime")[-1:]
    assert entry["status"] == "GEV_STATUS_SUCCESS"
    assert gigemu.features["ExposureTime"] == 5000


@pytest.mark.gigemu(scene="flat_field", features=SMALL)
def test_a_lost_acknowledge_is_repeated_and_executed_once(gigemu: Gigemu) -> None:
    with gigemu.faults.set("ack_loss", register="ExposureTime", command="WRITEMEM_CMD", count=1) as lost:
        arv_tool(gigemu, "control", "ExposureTime=6000")
        assert lost.hits == 1
    writes = gigemu.journal.entries(command="WRITEMEM_CMD", feature="ExposureTime")
    assert len(writes) == 2 and writes[0]["request"] == writes[1]["request"]
    assert writes[0]["fault"] == "ack_loss"
    assert gigemu.features["ExposureTime"] == 6000


@pytest.mark.gigemu(scene="flat_field", features=SMALL)
def test_a_camera_that_was_off_is_found_again(gigemu: Gigemu) -> None:
    gigemu.faults.set("power_cycle", for_us=500_000)
    assert "Gain" not in arv_tool(gigemu, "control", "Gain")
    assert wait_until(lambda: "Gain" in arv_tool(gigemu, "control", "Gain"), timeout=20, interval=0.5)


def test_a_client_goes_on_after_a_pulled_cable(gigemu_scenario: Callable[..., ScenarioResult]) -> None:
    scenario = {
        "what": "The cable is pulled for a second while the client streams.",
        "camera": {"scene": "flat_field", "features": SMALL},
        "steps": [
            {
                "when": {"signals": {"signal": "transfer_end", "block_id": 10}, "within_s": 15},
                "do": {"post": "/camera/faults", "body": {"fault": "cable_out", "for_us": 1e6}},
            },
            {"name": "back", "after_s": 1},
            {"expect": {"blocks": {"packets": {"$min": 1}, "dropped": None}, "since": "back", "at_least": 10, "within_s": 10}},
        ],
    }
    result = gigemu_scenario(scenario, "sh", "-c", "exec arv-camera-test-0.8 -n $GIGEMU_TEST_ADDRESS --duration=20")
    assert result.passed, result.failures


@pytest.mark.gigemu(scene="flat_field")
def test_what_is_wrong_names_its_key(gigemu: Gigemu) -> None:
    with pytest.raises(Refused) as refusal:
        gigemu.faults.loss(rate=2)
    assert (refusal.value.status, refusal.value.key) == (400, "rate")
    with pytest.raises(NotSeen):
        gigemu.journal.wait_for(timeout=0.1, feature="Zoom")
