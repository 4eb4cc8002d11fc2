"""TRD Explorer: the front door. Run with ``streamlit run dashboard.py``."""

import streamlit as st

from pages.ui.frame import address, footing, polls, problems, shell, shown, site

st.set_page_config(
    page_title="TRD Explorer",
    page_icon=site.ICON,
    layout="wide",
    menu_items={
        "Get help": None,
        "Report a bug": None,
        "About": "TRD Explorer: blood transcriptomics of TRD",
    },
)
polls.turn_stale_ones_away()
page = site.navigation()
with problems.handled_errors():
    address.read()
with problems.handled_errors():
    shell.choose_data()
    shell.sidebar()
    shell.band()
    site.run(page)
    shown.tell_damage()
    footing.draw(shell.digest())
address.write()
site.keep_what_is_loaded()
