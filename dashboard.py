"""The dashboard: `streamlit run dashboard.py`.

Streamlit's server imports this file once for the application (routes, compression) and runs it as
a script for every view of a page.
"""

import streamlit as st

PAGES = (
    ("pages/overview.py", "Overview", ":material/bar_chart:"),
    ("pages/source.py", "Source", ":material/newspaper:"),
    ("pages/compare.py", "Compare", ":material/compare_arrows:"),
    ("pages/ranking.py", "Ranking", ":material/format_list_numbered:"),
    ("pages/agreement.py", "Agreement", ":material/handshake:"),
    ("pages/claims.py", "Claims", ":material/format_quote:"),
    ("pages/annotate.py", "Annotate", ":material/edit_note:"),
    ("pages/review.py", "Review", ":material/gavel:"),
    ("pages/meeting.py", "Meeting", ":material/groups:"),
    ("pages/since.py", "Since last time", ":material/difference:"),
    ("pages/method.py", "Method", ":material/menu_book:"),
)

if __name__ == "__main__":
    from sourcing import ui

    ui.configure()
    ui.serve_pages(
        [
            st.Page(path, title=title, icon=icon, default=not number)
            for number, (path, title, icon) in enumerate(PAGES)
        ]
    )
else:
    from pathlib import Path

    from starlette.middleware import Middleware
    from streamlit.runtime.pages_manager import PagesManager

    import sourcing.charts  # noqa: F401 (so that the first reader need not wait for Plotly)
    from sourcing.server import routes, static
    from sourcing.ui import signin

    # A first visit to /source would else run pages/source.py alone, without navigation and
    # filters: Streamlit takes a folder named pages for its older way of several pages.
    PagesManager.uses_pages_directory = False

    base = routes.base_path(st.get_option("server.baseUrlPath"))
    charts = Path(st.__file__).parent.glob("static/static/js/PlotlyChart.*.js")
    app = st.App(
        __file__,
        routes=routes.routes(base, routes.Door(signin.access, signin.user_of)),
        middleware=[
            Middleware(static.CompressedStatic, prefix=f"{base}/static/"),
            Middleware(
                static.Preloaded, paths=[f"{base}/static/js/{item.name}" for item in charts]
            ),
        ],
    )
