"""Analysis core of TRD Explorer. Never imports streamlit."""
